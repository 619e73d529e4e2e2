package main

import (
	"context"
	"fmt"
	"io/fs"
	"time"

	demobot "github.com/kohta/kohta/bot/demo"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/desk"
	"github.com/kohta/kohta/gateway/session"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// setUp makes what the first start makes: a team and a site to begin with, or the demo's. Doing it again changes nothing.
func setUp(ctx context.Context, s store.Store, withDemo bool) error {
	if withDemo { // beside the demo's team another without anybody in it would only be a place to get lost in
		return setUpDemo(ctx, s)
	}
	if err := ensureTeam(ctx, s, staff.NewTeam(desk.DefaultTeam, "Support")); err != nil {
		return err
	}
	site := staff.Site{Slug: desk.DefaultSite, Name: "Kohta", Team: desk.DefaultTeam, Language: "fi"}
	return ensureSite(ctx, s, site)
}

func ensureTeam(ctx context.Context, s store.Store, t staff.Team) error {
	if _, err := s.Team(ctx, t.Slug); chat.KindOf(err) != chat.NotFound {
		return err
	}
	return s.PutTeam(ctx, t, store.Act{At: time.Now(), Actor: "kohta serve", Verb: "set_team", Object: t.Slug})
}

func ensureSite(ctx context.Context, s store.Store, site staff.Site) error {
	if _, err := s.Site(ctx, site.Slug); chat.KindOf(err) != chat.NotFound {
		return err
	}
	return s.PutSite(ctx, site, store.Act{At: time.Now(), Actor: "kohta serve", Verb: "set_site", Object: site.Slug})
}

// The demo's names.
const (
	demoPassword = "kohta-demo"
	// demoHash is of demoPassword, which everybody knows: to hash it takes a tenth of a second of each first start.
	demoHash = "$argon2id$v=19$m=19456,t=2,p=1$AvimC22Jcp1ht+A47tmc+w$ZcThNpHjvHRSiBBL+ufLRaeAsX4x0a7XyzD2EYRHYy4"
	demoSite = "demo"
	demoTeam = "kahvila"
)

func demoFolder() fs.FS { return demobot.Folder() }

// demoLeft are the demo's accounts that are in a store with the password that everybody knows.
func demoLeft(ctx context.Context, s store.Store) (emails []string, err error) {
	for _, a := range demoAgents() {
		got, err := s.Agent(ctx, a.ID)
		if chat.KindOf(err) == chat.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		if got.DisabledAt == nil && session.Verify(demoPassword, got.PasswordHash) {
			emails = append(emails, got.Email)
		}
	}
	return emails, nil
}

// demoAgents are the three agents of the contract. Their ids are fixed, so that seeding twice finds them.
func demoAgents() []staff.Agent {
	agent := func(n int, name, email string, role staff.Role, skills, languages []string) staff.Agent {
		return staff.Agent{
			ID: fmt.Sprintf("01930000-0000-7000-8000-%012d", n), Name: name, Email: email, Role: role,
			Skills: skills, Languages: languages, Teams: []string{demoTeam},
		}
	}
	return []staff.Agent{
		agent(1, "Aino Lahti", "aino@demo.example", staff.RoleAgent, []string{"billing"}, []string{"fi", "en"}),
		agent(2, "Ville Koskinen", "ville@demo.example", staff.RoleAgent, []string{"technical"}, []string{"fi", "sv", "en"}),
		agent(3, "Sari Niemi", "sari@demo.example", staff.RoleAdministrator, nil, []string{"fi", "en"}),
	}
}

func setUpDemo(ctx context.Context, s store.Store) error {
	team := staff.NewTeam(demoTeam, "Kahvila Kohta")
	team.Assignment = staff.ByHand
	if err := ensureTeam(ctx, s, team); err != nil {
		return err
	}
	site := staff.Site{Slug: demoSite, Name: "Kahvila Kohta", Team: demoTeam, Language: "fi"}
	if err := ensureSite(ctx, s, site); err != nil {
		return err
	}
	for _, a := range demoAgents() {
		if _, err := s.AgentByEmail(ctx, a.Email); chat.KindOf(err) != chat.NotFound {
			if err != nil {
				return err
			}
			continue
		}
		act := store.Act{At: time.Now(), Actor: "kohta serve --demo", Verb: "set_agent", Object: a.ID}
		if err := s.PutAgent(ctx, store.Agent{Agent: a, PasswordHash: demoHash, CreatedAt: time.Now()}, act); err != nil {
			return err
		}
	}
	return seedHistory(ctx, s, time.Now())
}
