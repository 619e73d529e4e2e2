package plan

import "reflect"

// Words are all that the house says, by language and name.
func Words() map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, language := range []string{"fi", "sv", "en"} {
		v := reflect.ValueOf(words(language))
		all[language] = map[string]string{}
		for i := range v.NumField() {
			all[language][v.Type().Field(i).Name] = v.Field(i).String()
		}
	}
	return all
}

// Masked is what becomes of a command before anything sees it.
var Masked = masked
