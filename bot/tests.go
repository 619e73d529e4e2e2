package bot

func (l *loader) checkTests() {}
