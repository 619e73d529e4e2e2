package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/desk"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// siteCmd changes what the first start made, and makes more.
type siteCmd struct {
	Set  siteSetCmd  `cmd:"" help:"Make a site, or change one: what is not named stays as it is."`
	List siteListCmd `cmd:"" help:"List the sites with all of their settings."`
}

type siteSetCmd struct {
	dataFlags
	Slug     string  `arg:"" help:"The site's name in addresses: a-z, 0-9, _ . and -."`
	Name     *string `help:"Name that people read; the slug of a new site."`
	Origins  *string `help:"Origins that may embed the widget, such as https://shop.example, separated by commas; none: the desk's own alone."`
	Team     *string `placeholder:"support" help:"Team that its conversations go to."`
	Language *string `placeholder:"fi" help:"Language of visitors whose own is not known: fi, sv or en."`

	HoursFlags hoursFlags `embed:""`
}

// asTeam is what --hours of a site takes for no hours of its own.
const asTeam = "team"

// Run stores the site. A running desk follows within a second.
func (c *siteSetCmd) Run(ctx context.Context, p program) error {
	s, err := c.open(ctx, true)
	if err != nil {
		return err
	}
	defer s.Close()
	site, err := s.Site(ctx, c.Slug)
	switch {
	case chat.KindOf(err) == chat.NotFound:
		site = staff.Site{Slug: c.Slug, Name: c.Slug, Team: desk.DefaultTeam, Language: "fi"}
	case err != nil:
		return err
	}
	if err := c.change(&site, time.Now()); err != nil {
		return err
	}
	if err := site.Check(); err != nil {
		return err
	}
	// The first start makes the usual team, and sites may be told of before.
	if _, err := s.Team(ctx, site.Team); err != nil && site.Team != desk.DefaultTeam {
		if chat.KindOf(err) == chat.NotFound {
			return fmt.Errorf("there is no team %s; make it with `kohta team set %s`", site.Team, site.Team)
		}
		return err
	}
	act := store.Act{At: time.Now(), Actor: "kohta site set", Verb: "set_site", Object: site.Slug}
	if err := s.PutSite(ctx, site, act); err != nil {
		return err
	}
	printSite(p.stdout, site, time.Now())
	return advise(ctx, p, s)
}

func (c *siteSetCmd) change(s *staff.Site, now time.Time) (err error) {
	set(&s.Name, c.Name)
	set(&s.Team, c.Team)
	set(&s.Language, c.Language)
	if c.Origins != nil {
		s.Origins = listed(*c.Origins)
	}
	if c.HoursFlags.Hours != nil && *c.HoursFlags.Hours == asTeam {
		c.HoursFlags.Hours = nil
		if s.Hours = nil; c.HoursFlags.given() {
			return fmt.Errorf("with --hours team the site has no hours of its own, and nothing else can be said about them; say it about the team")
		}
		return nil
	}
	s.Hours, err = c.HoursFlags.apply(s.Hours, now)
	return err
}

type siteListCmd struct{ dataFlags }

// Run prints the sites.
func (c *siteListCmd) Run(ctx context.Context, p program) error {
	s, err := c.open(ctx, true)
	if err != nil {
		return err
	}
	defer s.Close()
	sites, err := s.Sites(ctx)
	for _, site := range sites {
		printSite(p.stdout, site, time.Now())
	}
	return err
}

func printSite(w io.Writer, s staff.Site, now time.Time) {
	fmt.Fprintf(w, "%s  %s\n", s.Slug, s.Name)
	hours := [][2]string{{"hours", "as team " + s.Team}}
	if s.Hours != nil {
		hours = hoursLines(s.Hours, now)
	}
	printLines(w, append([][2]string{
		{"team", s.Team},
		{"language", s.Language},
		{"origins", cmp.Or(strings.Join(s.Origins, ", "), "the desk's own")},
	}, hours...))
}
