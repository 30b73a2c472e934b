package retention_test

import (
	"fmt"
	"log"
	"time"

	"github.com/syntora/vual/retention"
)

func ExamplePolicy_Decide() {
	p, err := retention.Preset("contract")
	if err != nil {
		log.Fatal(err)
	}
	moscow, err := time.LoadLocation("Europe/Moscow")
	if err != nil {
		log.Fatal(err)
	}
	// The client asks on the eve of the May holidays.
	record := retention.Record{ID: "call-17", Class: "transcript", Facts: retention.Facts{
		retention.ServiceStarted:          time.Date(2025, 1, 13, 10, 0, 0, 0, moscow),
		retention.ClientDeletionRequested: time.Date(2026, 4, 29, 12, 0, 0, 0, moscow),
	}}
	d := p.Decide(record, time.Date(2026, 4, 30, 9, 0, 0, 0, moscow), retention.Env{})
	fmt.Println(d.Action, d.State, d.Rule)
	fmt.Println("until the end of", d.Deadline.In(moscow).Add(-1).Format("2 January 2006"))
	// Output:
	// delete due contract.client_deletion
	// until the end of 7 May 2026
}

func ExampleNew() {
	p, err := retention.New(retention.Document{
		Version: 1, Name: "recordings", Zone: "Europe/Moscow",
		Periods: map[string]retention.Period{"service": {From: retention.ServiceStarted, To: retention.ServiceTerminated}},
		Classes: map[string]retention.Class{"recording": {
			Systems: []string{"Запись звонков"},
			Keep:    []retention.Floor{{ID: "service", While: "service"}},
			Duties:  []retention.Duty{{ID: "after", When: retention.ServiceTerminated, Within: retention.Months(1), Do: retention.Delete}},
		}},
	}, nil)
	if err != nil {
		log.Fatal(err)
	}
	ended := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	d := p.Decide(retention.Record{ID: "r1", Class: "recording", Facts: retention.Facts{retention.ServiceTerminated: ended}}, ended, retention.Env{})
	fmt.Println(d.State, d.Deadline.Format(time.RFC3339))
	// Output: due 2026-02-28T21:00:00Z
}

func ExampleParseTerm() {
	for _, s := range []string{"P30D", "PT24H", "P1DT2H"} {
		t, err := retention.ParseTerm(s)
		fmt.Println(t, err)
	}
	// Output:
	// P30D <nil>
	// PT24H <nil>
	//  retention: not a term: days and hours do not mix in one term
}

func ExampleCalendar_Add() {
	d, err := retention.RussianCalendar().Add(retention.Date{Year: 2025, Month: 12, Day: 30}, 1)
	fmt.Println(d, err)
	// Output: 2026-01-12 <nil>
}
