package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
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
}

// Run reads the password from the first line of standard input.
func (c *agentAddCmd) Run(ctx context.Context, p program) error {
	fmt.Fprint(p.stderr, "Password: ")
	line, err := bufio.NewReader(p.stdin).ReadString('\n')
	password := strings.TrimRight(line, "\r\n")
	if err != nil && password == "" {
		return errors.New("no password came on standard input")
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
	return a, a.Check()
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
		state := ""
		if a.DisabledAt != nil {
			state = " disabled since " + a.DisabledAt.Format("2006-01-02")
		}
		fmt.Fprintf(p.stdout, "%s\t%s\t%s\tteams %s%s\n", a.Email, a.Name, a.Role, strings.Join(a.Teams, ","), state)
	}
	return nil
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

// siteCmd and teamCmd change what the first start made.
type siteCmd struct {
	Set siteSetCmd `cmd:"" help:"Make a site, or change one."`
}

type siteSetCmd struct {
	dataFlags
	Slug     string   `arg:"" help:"The site's name in addresses: a-z, 0-9, _ . and -."`
	Name     string   `help:"Name that people read; the slug if left out."`
	Origins  []string `help:"Origins that may embed the widget, such as https://shop.example, separated by commas."`
	Team     string   `default:"support" help:"Team that its conversations go to."`
	Language string   `enum:"fi,sv,en" default:"fi" help:"Language of visitors whose own is not known."`
}

// Run stores the site.
func (c *siteSetCmd) Run(ctx context.Context, p program) error {
	name := c.Name
	if name == "" {
		name = c.Slug
	}
	site := staff.Site{Slug: c.Slug, Name: name, Origins: c.Origins, Team: c.Team, Language: c.Language}
	if err := site.Check(); err != nil {
		return err
	}
	s, err := c.open(ctx, true)
	if err != nil {
		return err
	}
	defer s.Close()
	act := store.Act{At: time.Now(), Actor: "kohta site set", Verb: "set_site", Object: site.Slug}
	return s.PutSite(ctx, site, act)
}

type teamCmd struct {
	Set teamSetCmd `cmd:"" help:"Make a team, or change one."`
}

type teamSetCmd struct {
	dataFlags
	Slug        string        `arg:"" help:"The team's name in addresses: a-z, 0-9, _ . and -."`
	Name        string        `help:"Name that people read; the slug if left out."`
	Assignment  string        `enum:"auto,offer,hand" default:"auto" help:"auto: given to a free agent; offer: held out to one; hand: agents pick."`
	Capacity    int           `default:"4" help:"Conversations that an agent is given at once."`
	FirstAnswer time.Duration `default:"1m" help:"Until an agent who was given a conversation is reminded; then it goes to another."`
	NextAnswer  time.Duration `default:"3m" help:"The same for each later answer."`
	Word        time.Duration `default:"2m" help:"In the line, from one word about the wait to the next."`
	Offer       time.Duration `default:"30s" help:"Until an offer goes on to another."`
}

// Run stores the team.
func (c *teamSetCmd) Run(ctx context.Context, p program) error {
	name := c.Name
	if name == "" {
		name = c.Slug
	}
	team := staff.NewTeam(c.Slug, name)
	team.Assignment, team.Capacity = staff.Assignment(c.Assignment), c.Capacity
	team.Patience = staff.Patience{FirstAnswer: c.FirstAnswer, NextAnswer: c.NextAnswer, Word: c.Word, Offer: c.Offer}
	if err := team.Check(); err != nil {
		return err
	}
	s, err := c.open(ctx, true)
	if err != nil {
		return err
	}
	defer s.Close()
	act := store.Act{At: time.Now(), Actor: "kohta team set", Verb: "set_team", Object: team.Slug}
	return s.PutTeam(ctx, team, act)
}
