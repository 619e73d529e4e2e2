package gateway

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/kohta/kohta/wire"
)

// unmarshal reads a value that stands at a path of a body into v, as strictly at every depth as decode is at the top:
// each name is known, written as it is and there once; null stands for a pointer alone. What v held before is gone.
func unmarshal(path string, value []byte, v any) error {
	if err := fits(path, value, reflect.TypeOf(v).Elem()); err != nil {
		return err
	}
	reflect.ValueOf(v).Elem().SetZero()
	return wrong(path, json.Unmarshal(value, v))
}

// merge is unmarshal for an object whose members replace those that v has, and leave the others alone.
func merge(path string, value []byte, v any) error {
	if err := fits(path, value, reflect.TypeOf(v).Elem()); err != nil {
		return err
	}
	return wrong(path, json.Unmarshal(value, v))
}

func wrong(path string, err error) error {
	var kind *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &kind):
		return invalid("The field " + path + " has the wrong type.")
	}
	return invalid("The field " + path + ": " + err.Error() + ".")
}

// fits tells what in a value has no place in a type.
func fits(path string, value []byte, t reflect.Type) error {
	if string(value) == "null" && t.Kind() != reflect.Pointer {
		return invalid("The field " + path + " may not be null.")
	}
	switch t.Kind() {
	case reflect.Pointer:
		if string(value) == "null" {
			return nil
		}
		return fits(path, value, t.Elem())
	case reflect.Struct, reflect.Map:
		return objectFits(path, value, t)
	case reflect.Slice:
		var items []json.RawMessage
		if err := json.Unmarshal(value, &items); err != nil {
			return wrong(path, err)
		}
		for i, item := range items {
			if err := fits(fmt.Sprintf("%s[%d]", path, i), item, t.Elem()); err != nil {
				return err
			}
		}
	}
	return nil
}

func objectFits(path string, value []byte, t reflect.Type) error {
	members, err := wire.Object(value)
	if err != nil {
		return invalid("The field " + path + " is an object with each name once.")
	}
	known := namesOf(t)
	for _, name := range slices.Sorted(maps.Keys(members)) {
		member := t
		if t.Kind() == reflect.Map {
			member = t.Elem()
		} else if member = known[name]; member == nil {
			return unknownField("A field of "+path, slices.Sorted(maps.Keys(known)))
		}
		if err := fits(path+"."+name, members[name], member); err != nil {
			return err
		}
	}
	return nil
}

// namesOf are the types of a struct's fields by their names in JSON.
func namesOf(t reflect.Type) map[string]reflect.Type {
	names := map[string]reflect.Type{}
	if t.Kind() == reflect.Struct {
		for i := range t.NumField() {
			name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
			names[name] = t.Field(i).Type
		}
	}
	return names
}
