package retention_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/syntora/vual/retention"
)

// A sweep destroys what is due, and the papers come from its journal.
func ExampleExecutor_Sweep() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "sweep-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	policy, err := retention.Preset("contract")
	if err != nil {
		log.Fatal(err)
	}
	calls, search := retention.NewMemory("Звонки"), retention.NewMemory("Поиск")
	ended := time.Now().AddDate(0, 0, -3)
	for _, id := range []string{"call-1", "call-2"} {
		record := retention.Record{ID: id, Class: "transcript", Version: "1", Subjects: []string{"клиент-17"}, Facts: retention.Facts{retention.ServiceTerminated: ended}}
		if err := calls.Put(record, []byte("Добрый день, это Марина…")); err != nil {
			log.Fatal(err)
		}
		if err := search.Put(retention.Record{ID: id, Class: "transcript"}, nil); err != nil {
			log.Fatal(err)
		}
	}
	journal, err := retention.OpenJournal(ctx, filepath.Join(dir, "journal"), nil)
	if err != nil {
		log.Fatal(err)
	}
	defer journal.Close()
	hold := retention.Hold{ID: "суд-4", Placed: ended, Scope: retention.Scope{Records: []string{"call-2"}}}
	executor := &retention.Executor{
		Policy:  policy,
		Stores:  []retention.Store{{Adapter: calls, Copies: []retention.Adapter{search}}},
		Journal: journal,
		Holds:   func(context.Context) ([]retention.Hold, error) { return []retention.Hold{hold}, nil },
	}
	plan, report, err := executor.Sweep(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("held:", plan.States["held"], "destroyed:", report.Destroyed)

	act, err := executor.Act(report.Ops, retention.ActDetails{
		Operator:  retention.Party{Name: "ООО «Ромашка»", Address: "г. Москва, ул. Вымышленная, д. 1"},
		Executors: []retention.Signatory{{Name: "Иванова Анна Петровна", Position: "администратор", Signature: retention.SignOnPaper}},
		Zone:      time.UTC,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(strings.Join(act.Systems, ", "), "|", strings.Join(act.Subjects, ", "))
	fmt.Println(act.Method)
	// Output:
	// held: 1 destroyed: 1
	// Звонки, Поиск | клиент-17
	// удаление записи из оперативной памяти
}

func ExampleMakePlan() {
	policy, err := retention.Preset("contract")
	if err != nil {
		log.Fatal(err)
	}
	cache := retention.NewMemory("Кэш CRM")
	finished := time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)
	for id, facts := range map[string]retention.Facts{
		"old": {retention.Created: finished.Add(-time.Hour), retention.SyncCycleFinished: finished},
		"new": {retention.Created: finished.Add(time.Minute), retention.SyncCycleFinished: finished},
	} {
		if err := cache.Put(retention.Record{ID: id, Class: "crm_cache", Version: "1", Facts: facts}, nil); err != nil {
			log.Fatal(err)
		}
	}
	plan, err := retention.MakePlan(context.Background(), policy, []retention.Store{{Adapter: cache}}, nil, finished.Add(2*time.Hour))
	if err != nil {
		log.Fatal(err)
	}
	for _, item := range plan.Items {
		fmt.Println(item.ID, item.Action, item.State, item.Rule)
	}
	fmt.Println(plan.States)
	// Output:
	// old delete overdue contract.crm_cache
	// map[in_cycle:1 overdue:1]
}

func ExampleBreachNotice_Deadline() {
	n := retention.BreachNotice{Detected: time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)}
	fmt.Println(n.Deadline().Format(time.RFC3339))
	fmt.Println(n.Check())
	// Output:
	// 2026-01-02T12:00:00Z
	// retention: the paper lacks required fields: operator, incident, causes, harm, measures, contact
}
