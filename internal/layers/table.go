package layers

import "slices"

// table is the house, from the ground up.
func table() []rule {
	ground := []string{"chat", "chat/mask", "staff", "agent-ui", "widget"}
	// What desk and gateway build on: contracts and pure parts, never an implementation.
	middle := []string{
		"bot", "bot/understand", "bot/baton", "routing", "store", "bus", "wire", "insight",
		"outbound", "outbound/mail",
	}
	whole := []string{ // for those who put it together
		"chat/...", "staff", "agent-ui", "widget", "bot/...", "routing/...", "store/...", "bus/...", "wire/...",
		"insight", "outbound/...", "desk/...", "gateway/...", "cmd/kohta/...",
	}
	every := []string{"*"}
	words := []string{"chat", "chat/mask", "staff"} // the ground floor but for the front ends
	with := func(also ...string) []string { return slices.Concat(words, also) }

	return []rule{
		// Storey 1: the domain and the built front ends.
		{pkg: "chat", pure: true, strict: true},
		{pkg: "chat/mask", pure: true, strict: true},
		{pkg: "staff", may: []string{"chat"}, pure: true, strict: true},
		{pkg: "agent-ui", strict: true},
		{pkg: "widget", strict: true},

		// Storey 2: the parts. They do not know each other.
		{pkg: "bot", may: with("bot/understand", "bot/knowledge", "bot/baton"), pure: true},
		{pkg: "bot/understand", may: with(), pure: true},
		{pkg: "bot/knowledge", may: with("bot/understand"), pure: true}, // articles and how they are found; knows nothing of rules
		{pkg: "bot/understand/fit", may: with("bot/understand")},        // makes the shipped files
		{pkg: "bot/baton", may: with(), pure: true},
		{pkg: "bot/replay", may: with(), pure: true}, // past conversations through a changed bot
		{pkg: "bot/demo", may: with()},
		{pkg: "routing", may: with(), pure: true},
		{pkg: "routing/linetest", may: with()},
		{pkg: "routing/memline", may: with()},
		{pkg: "routing/redisline", may: with()},
		{pkg: "store", may: with(), pure: true},
		{pkg: "store/storetest", may: with()},
		{pkg: "store/memstore", may: with()},
		{pkg: "store/sqlstore/...", may: with("store", "store/sqlstore/...")},
		{pkg: "bus", may: with(), pure: true},
		{pkg: "bus/bustest", may: with()},
		{pkg: "bus/membus", may: with()},
		{pkg: "bus/redisbus", may: with("bus/membus")}, // for the handlers of its own node
		{pkg: "wire", may: with(), pure: true},
		{pkg: "wire/wireclient", may: with(), client: every}, // plays a browser, for bench and tests
		{pkg: "insight", may: with(), pure: true},
		{pkg: "outbound", may: with(), client: every}, // the one HTTP client
		{pkg: "outbound/mail", may: with()},

		// Storey 3: what happens (desk) and how it is reached (gateway). They do not know each other.
		{pkg: "desk", may: slices.Concat(ground, middle, []string{"desk/plan"})},
		{pkg: "desk/plan", may: with("bot", "bot/understand", "bot/baton", "routing", "store", "insight"), pure: true},
		{pkg: "gateway", may: slices.Concat(ground, middle, []string{"gateway/session"})},
		{pkg: "gateway/session", may: with("store")},
		{pkg: "gateway/redislimit"}, // the limits that all nodes share

		// Storey 4: the commands, which put the parts together.
		{pkg: "cmd/kohta", may: whole, client: []string{"admin.go", "ready.go"}},      // ask a running desk: by its unix socket, and by its own address
		{pkg: "cmd/kohta/bench", may: with("wire", "wire/wireclient"), client: every}, // knows the desk by its sockets alone
		{pkg: "cmd/kohta/eval", may: []string{"bot", "bot/demo", "bot/understand"}},   // measures the bot on data from elsewhere
		{pkg: "cmd/kohta/demo", may: with("bot/demo", "bot/knowledge", "store", "widget")},
		{pkg: "cmd/kohta/sim", may: with("bot", "bus", "routing", "routing/memline", "store", "store/memstore", "desk", "desk/plan", "outbound/mail")}, // runs the real desk over the models of store and line
		// Gives out an imagined line by the real one's code, and reads from the store what really came.
		{pkg: "cmd/kohta/whatif", may: with("routing", "store")},

		// The chaos run: knows the desk by its sockets, its commands and what its database holds.
		{pkg: "cmd/kohta-chaos/...", may: []string{"chat", "internal/servers", "wire", "wire/wireclient", "cmd/kohta-chaos/..."}, client: every},

		// Beside the house.
		{pkg: "internal/layers"},
		{pkg: "internal/servers"},   // Postgres and Redis as processes, for tests and the chaos run
		{pkg: "internal/packaging"}, // the files for containers, services, balancer and alerts, and the test count, in tests
	}
}
