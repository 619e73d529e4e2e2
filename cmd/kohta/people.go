package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/gateway/session"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// agentCmd keeps accounts from the shell; the first administrator is made so.
type agentCmd struct {
	Add      agentAddCmd      `cmd:"" help:"Add an agent, or give one who is there a new password, role or name. The password is read from standard input."`
	Set      agentSetCmd      `cmd:"" help:"Change an agent: what is not named stays as it is."`
	List     agentListCmd     `cmd:"" help:"List the agents."`
	Disable  agentDisableCmd  `cmd:"" help:"Disable an agent and end all of their sessions."`
	Sessions agentSessionsCmd `cmd:"" help:"List where an agent is signed in; with --end, sign them out everywhere."`
}

type agentAddCmd struct {
	dataFlags
	Email     string   `arg:"" help:"E-mail address that the agent signs in with."`
	Name      string   `required:"" help:"Name that customers see."`
	Role      string   `enum:"agent,supervisor,administrator" default:"agent" help:"agent, supervisor or administrator."`
	Teams     []string `default:"support" help:"Teams, separated by commas."`
	Skills    []string `help:"Skills, separated by commas."`
	Languages []string `default:"fi" help:"Languages that the agent writes, separated by commas."`
	Capacity  string   `placeholder:"N" help:"Conversations that the agent is given at once; team: as many as the team says."`
}

// Run reads the password from the first line of standard input; at a terminal it is not shown.
func (c *agentAddCmd) Run(ctx context.Context, p program) error {
	password, err := p.readPassword(ctx)
	if err != nil {
		return err
	}
	if err := session.CheckPassword(password, c.Name, c.Email); err != nil {
		return err
	}
	s, err := c.open(ctx, true)
	if err != nil {
		return err
	}
	defer s.Close()
	a, err := c.agent(ctx, s)
	if err != nil {
		return err
	}
	a.PasswordHash = session.HashPassword(password)
	act := store.Act{At: time.Now(), Actor: "kohta agent add", Verb: "set_agent", Object: a.ID, Detail: c.Role}
	if err := s.PutAgent(ctx, a, act); err != nil {
		return err
	}
	_, err = s.EndSessionsOf(ctx, a.ID, "")
	fmt.Fprintf(p.stdout, "%s is %s\n", a.Email, a.Role)
	return err
}

func (c *agentAddCmd) agent(ctx context.Context, s store.Store) (store.Agent, error) {
	a, err := s.AgentByEmail(ctx, c.Email)
	switch {
	case chat.KindOf(err) == chat.NotFound:
		a.Agent, a.CreatedAt = staff.Agent{ID: uuid.Must(uuid.NewV7()).String(), Email: strings.ToLower(c.Email)}, time.Now()
	case err != nil:
		return a, err
	}
	a.Name, a.Role, a.Teams, a.Skills, a.Languages, a.DisabledAt = c.Name, staff.Role(c.Role), c.Teams, c.Skills, c.Languages, nil
	if c.Capacity != "" {
		if a.Capacity, err = capacityOf(c.Capacity); err != nil {
			return a, err
		}
	}
	return a, a.Check()
}

// capacityOf is an agent's own capacity; 0 is the team's.
func capacityOf(s string) (int, error) {
	if s == "team" {
		return 0, nil
	}
	n, err := strconv.Atoi(s)
	switch {
	case err == nil && n == 0:
		return 0, errors.New("with --capacity 0 the agent would never be given anything: let them be away instead, or write team for as many as the team says")
	case err != nil || n < 1 || n > staff.MaxCapacity:
		return 0, fmt.Errorf("--capacity is a number from 1 to %d, or team, not %q", staff.MaxCapacity, s)
	}
	return n, nil
}

type agentSetCmd struct {
	dataFlags
	Email     string  `arg:"" help:"E-mail address of the agent."`
	Name      *string `help:"Name that customers see."`
	Role      *string `help:"agent, supervisor or administrator."`
	Teams     *string `help:"Teams, separated by commas; none: no team."`
	Skills    *string `help:"Skills, separated by commas; none: no skill."`
	Languages *string `help:"Languages that the agent writes (fi, sv, en), separated by commas; none: any."`
	Capacity  *string `placeholder:"N" help:"Conversations that the agent is given at once; team: as many as the team says."`
}

// Run changes what is named. A running desk follows within a second.
func (c *agentSetCmd) Run(ctx context.Context, p program) error {
	s, err := c.open(ctx, true)
	if err != nil {
		return err
	}
	defer s.Close()
	a, err := s.AgentByEmail(ctx, c.Email)
	if err != nil {
		return fmt.Errorf("there is no agent %s", c.Email)
	}
	had := slices.Clone(a.Skills)
	if err := c.change(&a); err != nil {
		return err
	}
	h, err := houseOf(ctx, s)
	if err != nil {
		return err
	}
	act := store.Act{At: time.Now(), Actor: "kohta agent set", Verb: "set_agent", Object: a.ID, Detail: string(a.Role)}
	if err := s.PutAgent(ctx, a, act); err != nil {
		return err
	}
	fmt.Fprintln(p.stdout, agentLine(a))
	newSkills(p, h, a, had)
	return advise(ctx, p, s)
}

func (c *agentSetCmd) change(a *store.Agent) (err error) {
	if c.Name != nil {
		a.Name = *c.Name
	}
	if c.Role != nil {
		a.Role = staff.Role(*c.Role)
	}
	for list, words := range map[*[]string]*string{&a.Teams: c.Teams, &a.Skills: c.Skills, &a.Languages: c.Languages} {
		if words != nil {
			*list = listed(*words)
		}
	}
	if c.Capacity != nil {
		if a.Capacity, err = capacityOf(*c.Capacity); err != nil {
			return err
		}
	}
	return a.Check()
}

// listed reads what stands between commas; none is nothing.
func listed(words string) (all []string) {
	if words == "none" {
		return nil
	}
	for _, word := range strings.Split(words, ",") {
		if word = strings.TrimSpace(word); word != "" {
			all = append(all, word)
		}
	}
	return all
}

// newSkills tells of skills that the agent has not had, nor anybody else in the team: they may be mistyped.
func newSkills(p program, before staff.House, a store.Agent, had []string) {
	learned := slices.DeleteFunc(slices.Clone(a.Skills), func(skill string) bool { return slices.Contains(had, skill) })
	for _, team := range a.Teams {
		if words := before.MissingSkills(team, learned); words != "" {
			fmt.Fprintln(p.stderr, "note: so far,", words)
		}
	}
}

type agentListCmd struct{ dataFlags }

// Run prints an agent a line.
func (c *agentListCmd) Run(ctx context.Context, p program) error {
	s, err := c.open(ctx, true)
	if err != nil {
		return err
	}
	defer s.Close()
	agents, err := s.Agents(ctx)
	if err != nil {
		return err
	}
	for _, a := range agents {
		fmt.Fprintln(p.stdout, agentLine(a))
	}
	return nil
}

// agentLine is an agent in the list.
func agentLine(a store.Agent) string {
	parts := []string{a.Email, a.Name, string(a.Role), "teams " + strings.Join(a.Teams, ",")}
	if a.DisabledAt != nil {
		parts[3] += " disabled since " + a.DisabledAt.Format("2006-01-02")
	}
	if len(a.Skills) > 0 {
		parts = append(parts, "skills "+strings.Join(a.Skills, ","))
	}
	if len(a.Languages) > 0 {
		parts = append(parts, "languages "+strings.Join(a.Languages, ","))
	}
	if a.Capacity > 0 {
		parts = append(parts, fmt.Sprintf("capacity %d", a.Capacity))
	}
	return strings.Join(parts, "\t")
}

type agentDisableCmd struct {
	dataFlags
	Email string `arg:"" help:"E-mail address of the agent."`
}

// Run disables, ends the sessions, and closes the sockets of a running desk at once.
func (c *agentDisableCmd) Run(ctx context.Context, p program) error {
	s, err := c.open(ctx, true)
	if err != nil {
		return err
	}
	defer s.Close()
	a, err := s.AgentByEmail(ctx, c.Email)
	if err != nil {
		return fmt.Errorf("there is no agent %s", c.Email)
	}
	now := time.Now()
	a.DisabledAt = &now
	act := store.Act{At: now, Actor: "kohta agent disable", Verb: "disable_agent", Object: a.ID}
	if err := s.PutAgent(ctx, a, act); err != nil {
		return err
	}
	n, err := s.EndSessionsOf(ctx, a.ID, "")
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "%s is disabled, %d sessions ended\n", a.Email, n)
	if err := askDesk(ctx, c.Data, "POST", "/revoke/"+a.ID, nil); err != nil && !errors.Is(err, errNoDesk) {
		return err
	}
	return nil
}

type agentSessionsCmd struct {
	dataFlags
	Email string `arg:"" help:"E-mail address of the agent."`
	End   bool   `help:"End all of them."`
}

// Run prints a session a line, the latest first. A running desk closes the sockets of sessions that have ended.
func (c *agentSessionsCmd) Run(ctx context.Context, p program) error {
	s, err := c.open(ctx, true)
	if err != nil {
		return err
	}
	defer s.Close()
	a, err := s.AgentByEmail(ctx, c.Email)
	if err != nil {
		return fmt.Errorf("there is no agent %s", c.Email)
	}
	list, err := s.SessionsOf(ctx, a.ID)
	if err != nil {
		return err
	}
	for _, session := range list {
		fmt.Fprintf(p.stdout, "since %s, last used %s\t%s\t%q\n", session.CreatedAt.Format(time.RFC3339),
			session.SeenAt.Format(time.RFC3339), session.Address, session.UserAgent)
	}
	if !c.End {
		return nil
	}
	act := store.Act{At: time.Now(), Actor: "kohta agent sessions", Verb: "end_sessions", Object: a.ID}
	n, err := s.EndSessionsOf(ctx, a.ID, "", act)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "%d sessions ended\n", n)
	return nil
}
