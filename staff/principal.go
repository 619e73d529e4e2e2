package staff

// Visitor returns the visitor's id, if the principal is one.
func (p Principal) Visitor() (id string, ok bool) { return p.visitor, p.visitor != "" }

// Agent returns the agent, if the principal is one.
func (p Principal) Agent() (Agent, bool) {
	if p.agent == nil {
		return Agent{}, false
	}
	return *p.agent, true
}
