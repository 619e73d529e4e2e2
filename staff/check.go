package staff

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kohta/kohta/chat"
)

// Bounds of what is configured.
const (
	MaxPatience = 24 * time.Hour
	MaxOffer    = 59 * time.Minute    // the line holds nothing for one agent for longer than an hour
	MaxSilence  = 14 * 24 * time.Hour // of a customer, who owes nobody an answer
	minPatience = time.Second
	maxEmail    = 254 // bytes, by RFC 5321
	maxListed   = 50  // skills, teams or languages of one agent, origins of one site
)

// languages are those that the house speaks.
func languages() []string { return []string{"fi", "sv", "en"} }

// Check refuses, with an error of kind Invalid that says what to mend, an agent who cannot be.
func (a Agent) Check() error {
	if a.ID == "" {
		return chat.Errorf(chat.Invalid, "an agent needs an id")
	}
	if err := checkEmail(a.Email); err != nil {
		return err
	}
	if err := checkName("an agent's name", a.Name); err != nil {
		return err
	}
	if a.Role != RoleAgent && a.Role != RoleSupervisor && a.Role != RoleAdministrator {
		return chat.Errorf(chat.Invalid, "a role is agent, supervisor or administrator, not %q", a.Role)
	}
	if err := checkSlugs("a skill", a.Skills); err != nil {
		return err
	}
	if err := checkSlugs("a team", a.Teams); err != nil {
		return err
	}
	if err := checkUnique("a language", a.Languages); err != nil {
		return err
	}
	for _, l := range a.Languages {
		if err := checkLanguage(l); err != nil {
			return err
		}
	}
	return nil
}

// Check refuses, with an error of kind Invalid that says what to mend, a team that could not serve anybody.
func (t Team) Check() error {
	if err := CheckSlug("a team's slug", t.Slug); err != nil {
		return err
	}
	if err := checkName("a team's name", t.Name); err != nil {
		return err
	}
	if t.Assignment != Auto && t.Assignment != Offered && t.Assignment != ByHand {
		return chat.Errorf(chat.Invalid, "team %s assigns by auto, offer or hand, not %q", t.Slug, t.Assignment)
	}
	if t.Capacity < 1 || t.Capacity > MaxCapacity {
		return chat.Errorf(chat.Invalid, "team %s: an agent's capacity is 1 to %d conversations, not %d", t.Slug, MaxCapacity, t.Capacity)
	}
	if err := t.Patience.check(t.Slug); err != nil {
		return err
	}
	if err := t.Hours.check("team " + t.Slug); err != nil {
		return err
	}
	return t.checkLine()
}

func (p Patience) check(team string) error {
	for _, d := range []struct {
		name   string
		d, max time.Duration
	}{
		{"first answer", p.FirstAnswer, MaxPatience},
		{"next answer", p.NextAnswer, MaxPatience},
		{"word about the wait", p.Word, MaxPatience},
		{"offer", p.Offer, MaxOffer},
		{"silence of the customer", p.Silence, MaxSilence},
		{"close after the silence", p.Close, MaxSilence},
		{"cooldown after a declined offer", p.Cooldown, MaxPatience},
	} {
		if d.d < minPatience || d.d > d.max {
			return chat.Errorf(chat.Invalid, "team %s: the patience for the %s is %s to %s, not %s",
				team, d.name, minPatience, Brief(d.max), Brief(d.d))
		}
	}
	return nil
}

// Check refuses, with an error of kind Invalid that says what to mend, a site that could not be served.
func (s Site) Check() error {
	if err := CheckSlug("a site's slug", s.Slug); err != nil {
		return err
	}
	if err := checkName("a site's name", s.Name); err != nil {
		return err
	}
	if err := CheckSlug("a site's team", s.Team); err != nil {
		return err
	}
	if err := checkUnique("an origin", s.Origins); err != nil {
		return err
	}
	for _, o := range s.Origins {
		if !origin.MatchString(o) || !validPort(o) {
			return chat.Errorf(chat.Invalid, "an origin is like https://shop.example or http://127.0.0.1:8090, in lower case and with nothing after it, not %q", o)
		}
	}
	if err := s.Hours.check("site " + s.Slug); err != nil {
		return err
	}
	return checkLanguage(s.Language)
}

var (
	email  = regexp.MustCompile(`^[^\s@"(),:;<>\[\]\\\x00-\x1f\x7f]+@[a-z0-9-]+(\.[a-z0-9-]+)+$`)
	origin = regexp.MustCompile(`^https?://([a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(:[0-9]{1,5})?$`)
	port   = regexp.MustCompile(`:([0-9]{1,5})$`)
)

// validPort also refuses the port that a browser leaves out of an Origin: such an entry would never match.
func validPort(o string) bool {
	m := port.FindStringSubmatch(o)
	if m == nil {
		return true
	}
	n, _ := strconv.Atoi(m[1])
	usual := 443
	if strings.HasPrefix(o, "http:") {
		usual = 80
	}
	return n > 0 && n < 65536 && n != usual && m[1][0] != '0'
}

func checkEmail(s string) error {
	if len(s) > maxEmail || strings.ToLower(s) != s || !email.MatchString(s) {
		return chat.Errorf(chat.Invalid, "an e-mail is like aino@shop.example, in lower case, not %q", s)
	}
	return nil
}

func checkLanguage(s string) error {
	if !slices.Contains(languages(), s) {
		return chat.Errorf(chat.Invalid, "a language is one of %s, not %q", strings.Join(languages(), ", "), s)
	}
	return nil
}

func checkSlugs(what string, all []string) error {
	for _, s := range all {
		if err := CheckSlug(what, s); err != nil {
			return err
		}
	}
	return checkUnique(what, all)
}

func checkUnique(what string, all []string) error {
	if len(all) > maxListed {
		return chat.Errorf(chat.Invalid, "%s: at most %d of them, not %d", what, maxListed, len(all))
	}
	for i, s := range all {
		if slices.Contains(all[:i], s) {
			return chat.Errorf(chat.Invalid, "%s is named twice: %q", what, s)
		}
	}
	return nil
}
