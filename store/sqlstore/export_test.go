package sqlstore

// CopiedColumns are the columns that Copy knows of.
func CopiedColumns() (names []string) {
	for _, t := range tables {
		for _, c := range t.columns {
			names = append(names, t.name+"."+c)
		}
	}
	return names
}
