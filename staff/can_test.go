package staff_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
)

var update = flag.Bool("update", false, "write the golden files anew")

type principal struct {
	name string
	staff.Principal
}

func agent(id string, role staff.Role) staff.Agent {
	return staff.Agent{ID: id, Role: role, Teams: []string{"support"}}
}

// principals: "me" is whose each object is, where it is somebody's own.
func principals() []principal {
	disabled := agent("me", staff.RoleAdministrator)
	disabled.Disabled = true
	return []principal{
		{"nobody", staff.Principal{}},
		{"visitor", staff.AsVisitor("me")},
		{"agent", staff.AsAgent(agent("me", staff.RoleAgent))},
		{"supervisor", staff.AsAgent(agent("me", staff.RoleSupervisor))},
		{"administrator", staff.AsAgent(agent("me", staff.RoleAdministrator))},
		{"disabled", staff.AsAgent(disabled)},
		{"unheard of role", staff.AsAgent(agent("me", "king"))},
	}
}

type object struct {
	name string
	staff.Object
}

func objects() []object {
	bot := func(team, visitor string) staff.Object {
		return staff.Object{Visitor: visitor, Team: team, State: chat.WithBot}
	}
	with := func(state chat.State, team, who string) staff.Object {
		return staff.Object{Visitor: "somebody", Team: team, Agent: who, State: state}
	}
	offered := func(team, who string) staff.Object {
		return staff.Object{Visitor: "somebody", Team: team, Offered: who, State: chat.Waiting}
	}
	invited := func(state chat.State, team string) staff.Object {
		return staff.Object{Visitor: "somebody", Team: team, Agent: "sari", Invited: []string{"ville", "me"}, State: state}
	}
	return []object{
		{"no conversation", staff.Object{}},
		{"own visit, with the bot", bot("support", "me")},
		{"own visit, closed", staff.Object{Visitor: "me", Team: "support", Agent: "ville", State: chat.Closed}},
		{"with the bot, own team", bot("support", "somebody")},
		{"with the bot, other team", bot("sales", "somebody")},
		{"waiting, own team", with(chat.Waiting, "support", "")},
		{"waiting, other team", with(chat.Waiting, "sales", "")},
		{"waiting, other team, open to own", staff.Object{Visitor: "somebody", Team: "sales", Open: []string{"care", "support"}, State: chat.Waiting}},
		{"with an agent, other team, was open to own", staff.Object{Visitor: "somebody", Team: "sales", Open: []string{"support"}, Agent: "sari", State: chat.WithAgent}},
		{"waiting, other team, had it last", with(chat.Waiting, "sales", "me")},
		{"offered to me, other team", offered("sales", "me")},
		{"offered to a colleague", offered("support", "ville")},
		{"own", with(chat.WithAgent, "support", "me")},
		{"own, other team", with(chat.WithAgent, "sales", "me")},
		{"a colleague's", with(chat.WithAgent, "support", "ville")},
		{"other team's", with(chat.WithAgent, "sales", "sari")},
		{"a colleague's, asked in", invited(chat.WithAgent, "support")},
		{"other team's, asked in", invited(chat.WithAgent, "sales")},
		{"other team's, asked in, snoozed", invited(chat.Snoozed, "sales")},
		{"own, snoozed", with(chat.Snoozed, "support", "me")},
		{"a colleague's, snoozed", with(chat.Snoozed, "support", "ville")},
		{"closed, own", with(chat.Closed, "support", "me")},
		{"closed, own team", with(chat.Closed, "support", "ville")},
		{"closed, other team", with(chat.Closed, "sales", "sari")},
	}
}

// The whole matrix stands in testdata/can.golden, a block for each principal, so that a change of rights is seen in review.
func TestCanMatrix(t *testing.T) {
	var b strings.Builder
	for _, p := range principals() {
		fmt.Fprintf(&b, "# %s\n", p.name)
		for _, o := range objects() {
			fmt.Fprintf(&b, "%s\n", o.name)
			for _, kind := range []chat.ErrorKind{"", chat.Conflict, chat.IsClosed, chat.Forbidden, chat.NotFound} {
				var verbs []string
				for _, v := range staff.Verbs() {
					if staff.Can(p.Principal, v, o.Object) == kind {
						verbs = append(verbs, string(v))
					}
				}
				if len(verbs) > 0 {
					fmt.Fprintf(&b, "    %-9s  %s\n", word(kind), strings.Join(verbs, " "))
				}
			}
		}
		b.WriteString("\n")
	}
	const golden = "testdata/can.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("go test ./staff -update writes it anew (-want +got):\n%s", diff)
	}
}

func word(kind chat.ErrorKind) string {
	if kind == "" {
		return "yes"
	}
	return string(kind)
}

// Whatever the matrix says, these hold.
func TestCanRules(t *testing.T) {
	everything := append(staff.Verbs(), "unheard_of", "")
	for _, o := range objects() {
		for _, v := range everything {
			for _, p := range principals() {
				kind := staff.Can(p.Principal, v, o.Object)
				if (p.name == "nobody" || p.name == "disabled" || v == "unheard_of" || v == "") && kind == "" {
					t.Errorf("%s may %q %s", p.name, v, o.name)
				}
				if p.name == "visitor" && o.Visitor != "me" && kind != chat.NotFound && kind != chat.Forbidden {
					t.Errorf("a stranger is told %q for %q of %s", kind, v, o.name)
				}
			}
			low := staff.Can(staff.AsAgent(agent("me", staff.RoleAgent)), v, o.Object)
			mid := staff.Can(staff.AsAgent(agent("me", staff.RoleSupervisor)), v, o.Object)
			top := staff.Can(staff.AsAgent(agent("me", staff.RoleAdministrator)), v, o.Object)
			if low == "" && mid != "" || mid == "" && top != "" {
				t.Errorf("%q of %s: agent %q, supervisor %q, administrator %q; a higher role may do less", v, o.name, low, mid, top)
			}
		}
	}
}

// A conversation that one may not know of gives the same answer as one that is not there, whatever the verb.
func TestCanTellsAStrangerNothing(t *testing.T) {
	a := staff.AsAgent(agent("me", staff.RoleAgent))
	strangers := staff.Object{Visitor: "somebody", Team: "sales", Agent: "sari", State: chat.WithAgent}
	for _, v := range staff.Verbs() {
		if there, not := staff.Can(a, v, strangers), staff.Can(a, v, staff.Object{}); there != not {
			t.Errorf("%s: %q for a stranger's, %q for none", v, there, not)
		}
	}
}

func TestOf(t *testing.T) {
	c := chat.Conversation{ID: "c", Visitor: "v", State: chat.Waiting, Agent: "aino", Offer: &chat.Offer{Agent: "ville"}, Invited: []string{"sari"}}
	want := staff.Object{Visitor: "v", Team: "support", Agent: "aino", Offered: "ville", Invited: []string{"sari"}, State: chat.Waiting}
	if got := staff.Of(c, "support"); cmp.Diff(want, got) != "" {
		t.Errorf("Of = %+v, want %+v", got, want)
	}
	c.Team, c.State = "sales", chat.WithAgent
	want = staff.Object{Visitor: "v", Team: "sales", Agent: "aino", Invited: []string{"sari"}, State: chat.WithAgent}
	if got := staff.Of(c, "support"); cmp.Diff(want, got) != "" {
		t.Errorf("Of = %+v, want %+v", got, want)
	}
}
