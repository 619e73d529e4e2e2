package gateway

import "net/http"

// Routes are the addresses of the REST interface with their methods, for tests that must not miss one.
func (g *Gateway) Routes() map[string]map[string]http.HandlerFunc {
	routes := map[string]map[string]http.HandlerFunc{}
	for _, r := range g.api() {
		routes[r.path] = r.methods
	}
	return routes
}
