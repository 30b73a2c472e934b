package policy

import _ "embed"

//go:embed policy.schema.json
var schema string

// Schema is the JSON Schema (2020-12) of a policy document. What it cannot say, such as that a pattern compiles or that
// a purpose exists, [New] checks.
func Schema() string { return schema }
