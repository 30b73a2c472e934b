package policy

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"testing"

	"github.com/dlclark/regexp2/v2"
	"github.com/stretchr/testify/require"
)

// A jsonSchema checks values by the part of JSON Schema 2020-12 that ours uses. A keyword that it does not know fails.
type jsonSchema struct{ root map[string]any }

func newSchema(t testing.TB) jsonSchema {
	var root map[string]any
	require.NoError(t, json.Unmarshal([]byte(Schema()), &root))
	return jsonSchema{root}
}

func (s jsonSchema) check(v any) error { return s.value(s.root, v, "$") }

func (s jsonSchema) value(schema map[string]any, v any, at string) error {
	for _, key := range sortedKeys(schema) {
		if err := s.keyword(schema, key, v, at); err != nil {
			return err
		}
	}
	return nil
}

func (s jsonSchema) keyword(schema map[string]any, key string, v any, at string) error {
	arg := schema[key]
	object, _ := v.(map[string]any)
	list, isList := v.([]any)
	text, isText := v.(string)
	number, isNumber := v.(float64)
	bad := fmt.Errorf("%s: %s", at, key)
	verdict := func(ok bool) error {
		if ok {
			return nil
		}
		return bad
	}
	switch key {
	case "$schema", "$id", "$defs", "title", "description":
	case "$ref":
		return s.value(s.root["$defs"].(map[string]any)[arg.(string)[len("#/$defs/"):]].(map[string]any), v, at)
	case "type":
		return verdict(typeOf(v) == arg || arg == "number" && typeOf(v) == "integer")
	case "const":
		return verdict(v == arg)
	case "enum":
		return verdict(isText && slices.Contains(arg.([]any), any(text)))
	case "pattern":
		ok, err := regexp2.MustCompile(arg.(string)).MatchString(text)
		return verdict(!isText || ok && err == nil)
	case "minLength":
		return verdict(!isText || len([]rune(text)) >= int(arg.(float64)))
	case "maxLength":
		return verdict(!isText || len([]rune(text)) <= int(arg.(float64)))
	case "minimum":
		return verdict(!isNumber || number >= arg.(float64))
	case "maximum":
		return verdict(!isNumber || number <= arg.(float64))
	case "minItems":
		return verdict(!isList || len(list) >= int(arg.(float64)))
	case "maxItems":
		return verdict(!isList || len(list) <= int(arg.(float64)))
	case "uniqueItems":
		for i := range list {
			if slices.Contains(list[:i], list[i]) {
				return bad
			}
		}
	case "items":
		for i, item := range list {
			if err := s.value(arg.(map[string]any), item, at+"["+strconv.Itoa(i)+"]"); err != nil {
				return err
			}
		}
	case "required":
		for _, name := range arg.([]any) {
			if _, ok := object[name.(string)]; object != nil && !ok {
				return bad
			}
		}
	case "dependentRequired":
		for name, others := range arg.(map[string]any) {
			for _, other := range others.([]any) {
				if _, has := object[name]; has {
					if _, ok := object[other.(string)]; !ok {
						return bad
					}
				}
			}
		}
	case "properties", "additionalProperties", "propertyNames":
		return s.object(schema, key, object, at)
	case "allOf", "anyOf", "oneOf":
		fits := 0
		for _, sub := range arg.([]any) {
			if s.value(sub.(map[string]any), v, at) == nil {
				fits++
			}
		}
		return verdict(fits == len(arg.([]any)) || key == "anyOf" && fits > 0 || key == "oneOf" && fits == 1)
	default:
		return fmt.Errorf("%s: the test does not know %s", at, key)
	}
	return nil
}

func (s jsonSchema) object(schema map[string]any, key string, object map[string]any, at string) error {
	known, _ := schema["properties"].(map[string]any)
	for name, v := range object {
		sub, isKnown := known[name].(map[string]any)
		switch other := schema[key].(type) {
		case bool: // additionalProperties: false
			if !isKnown && !other {
				return fmt.Errorf("%s: %s", at, name)
			}
			continue
		case map[string]any:
			switch {
			case key == "propertyNames":
				sub, v = other, name
			case key == "additionalProperties":
				if isKnown {
					continue
				}
				sub = other
			case !isKnown:
				continue
			}
		}
		if err := s.value(sub, v, at+"."+name); err != nil {
			return err
		}
	}
	return nil
}

func typeOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case []any:
		return "array"
	case float64:
		if v == math.Trunc(v) {
			return "integer"
		}
		return "number"
	}
	return "object"
}

// plain is the node as package encoding/json would read it.
func (n *node) plain() any {
	switch n.kind {
	case boolNode:
		return n.truth
	case numberNode:
		f, _ := strconv.ParseFloat(n.text, 64)
		return f
	case stringNode:
		return n.text
	case arrayNode:
		list := []any{}
		for _, item := range n.items {
			list = append(list, item.plain())
		}
		return list
	case objectNode:
		object := map[string]any{}
		for _, f := range n.fields {
			object[f.key] = f.value.plain()
		}
		return object
	}
	return nil
}
