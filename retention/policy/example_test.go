package policy_test

import (
	"fmt"
	"log"

	"github.com/syntora/vual/retention/policy"
)

func ExampleLoad() {
	p, err := policy.Load([]string{"preset:ru152", "testdata/example.yaml"}, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(p.Classes())
	fmt.Println(p.Systems("transcript"))
	// Output:
	// [act analysis audit_log crm_cache incident subject_request sync_history transcript weekly_plan]
	// [calls search]
}

func ExampleParse() {
	_, err := policy.Parse([]byte("version: 1\nname: x\nclases: {}\n"))
	fmt.Println(err)
	// Output: retention: 3:1: unknown key "clases"
}
