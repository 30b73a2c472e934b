package retention

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"
)

var operator = Party{Name: "ООО «Ромашка»", Address: "127000, г. Москва, ул. Вымышленная, д. 1"}

func details() ActDetails {
	return ActDetails{
		Number: "7", Operator: operator, Zone: time.FixedZone("MSK", 3*3600),
		Executors: []Signatory{{Name: "Иванова Анна Петровна", Position: "администратор", Signature: SignOnPaper}},
	}
}

// destroyedBench has destroyed a note and a plan.
func destroyedBench(t *testing.T) (*bench, []string) {
	b := newBench(t)
	b.note("a", epoch.Add(-40*day))
	b.subscriber("b", epoch.Add(-40*day))
	_, r := b.sweep()
	if r.Destroyed != 2 {
		t.Fatalf("%+v", r)
	}
	return b, r.Ops
}

// The act passes the order's table of required fields for each way of processing, and each field taken away fails.
func TestProperty12Act(t *testing.T) {
	b, ops := destroyedBench(t)
	media := []Medium{{Name: "бумажная карточка", Sheets: 3}}
	processor := &Party{Name: "ООО «Лютик»", Address: "г. Тверь, ул. Выдуманная, д. 2"}
	for _, c := range []struct {
		processing Processing
		delegated  bool
		automated  bool
		paper      bool
	}{
		{Automated, false, true, false}, {NonAutomated, false, false, true}, {Mixed, false, true, true}, {Automated, true, true, false}, {"", false, true, false},
	} {
		d := details()
		d.Processing, d.Delegated, d.Media, d.Processor = c.processing, c.delegated, media, processor
		whole, err := b.exec.Act(ops, d)
		if err != nil {
			t.Fatalf("%+v: %v", c, err)
		}
		if (len(whole.Systems) > 0) != c.automated || (len(whole.Media) > 0) != c.paper || (whole.Processor != nil) != c.delegated {
			t.Errorf("%+v: %+v", c, whole)
		}
		for field, drop := range map[string]func(a *Act){
			"operator.name":       func(a *Act) { a.Operator.Name = "" },
			"operator.address":    func(a *Act) { a.Operator.Address = "" },
			"processor":           func(a *Act) { a.Processor = nil },
			"subjects":            func(a *Act) { a.Subjects = nil },
			"executors":           func(a *Act) { a.Executors = nil },
			"executors.name":      func(a *Act) { a.Executors = []Signatory{{Position: "п", Signature: "п"}} },
			"executors.position":  func(a *Act) { a.Executors = []Signatory{{Name: "п", Signature: "п"}} },
			"executors.signature": func(a *Act) { a.Executors = []Signatory{{Name: "п", Position: "п"}} },
			"categories":          func(a *Act) { a.Categories = []string{""} },
			"media":               func(a *Act) { a.Media = nil },
			"media.sheets":        func(a *Act) { a.Media = []Medium{{Name: "карточка"}} },
			"systems":             func(a *Act) { a.Systems = nil },
			"method":              func(a *Act) { a.Method = "" },
			"reason":              func(a *Act) { a.Reason = "" },
			"destroyed_on":        func(a *Act) { a.DestroyedOn = "вчера" },
		} {
			wanted := true
			switch field {
			case "processor":
				wanted = c.delegated
			case "media", "media.sheets":
				wanted = c.paper
			case "systems":
				wanted = c.automated
			}
			a := *whole
			drop(&a)
			err := a.Check()
			if wanted != (errors.Is(err, ErrIncomplete) && strings.Contains(err.Error(), field)) {
				t.Errorf("%+v without %s: %v", c, field, err)
			}
			if err := a.WriteHTML(&bytes.Buffer{}); wanted != (err != nil) {
				t.Errorf("%+v without %s was printed: %v", c, field, err)
			}
		}
	}
}

func TestActSays(t *testing.T) {
	b, ops := destroyedBench(t)
	d := details()
	d.Name = func(s string) string { return "субъект " + s }
	a, err := b.exec.Act(ops, d)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(a.Subjects, ","), "субъект s-a,субъект s-b"; got != want {
		t.Errorf("subjects %s", got)
	}
	if strings.Join(a.Systems, ",") != "Основная,Поиск" || a.DestroyedOn != "2025-11-01" || len(a.Exports) != 1 || !strings.Contains(a.Reason, "after, ttl") {
		t.Errorf("%+v", a)
	}
	var page bytes.Buffer
	if err := a.WriteHTML(&page); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{operator.Address, "субъект s-a", "заметки", "Основная", "Поиск", "Иванова Анна Петровна", "2025-11-01", "default-src 'none'", a.Exports[0]} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	d.Executors[0].Name = "<script>alert(1)</script>"
	if a, err = b.exec.Act(ops, d); err != nil {
		t.Fatal(err)
	}
	page.Reset()
	if err := a.WriteHTML(&page); err != nil || strings.Contains(page.String(), "<script") {
		t.Error("a name became markup", err)
	}
	if _, err := b.exec.Act([]string{"nosuch"}, d); err == nil {
		t.Error("an act of no operation")
	}
	if _, err := b.exec.Act(nil, d); err == nil {
		t.Error("an act of nothing")
	}
}

func TestExtract(t *testing.T) {
	b, ops := destroyedBench(t)
	d := details()
	d.Proof = func(op string) string { return "proof-" + op }
	x, err := b.exec.Extract(ops, d)
	if err != nil {
		t.Fatal(err)
	}
	if len(x.Lines) != 4 || x.Lines[0].Proof != "proof-"+x.Lines[0].Operation {
		t.Errorf("%+v", x)
	}
	var page bytes.Buffer
	if err := x.WriteHTML(&page); err != nil || !strings.Contains(page.String(), "s-b") {
		t.Error(err)
	}
	x.Lines[1].Reason = ""
	if err := x.Check(); !errors.Is(err, ErrIncomplete) || !strings.Contains(err.Error(), "reason") {
		t.Error(err)
	}
}

func TestConfirmation(t *testing.T) {
	b, ops := destroyedBench(t)
	c, err := b.exec.Confirmation(context.Background(), "з-15", epoch, operator, ops, []Remainder{{What: "акт", Reason: "приказ № 179: 3 года", Until: epoch.AddDate(3, 0, 0)}})
	if err != nil {
		t.Fatal(err)
	}
	var page, text bytes.Buffer
	if err := c.WriteHTML(&page); err != nil {
		t.Fatal(err)
	}
	if err := WriteJSON(&text, c); err != nil || !json.Valid(text.Bytes()) {
		t.Fatal(err)
	}
	for _, paper := range []string{page.String(), text.String()} {
		if strings.Contains(paper, "содержимое") || strings.Contains(paper, "s-a") {
			t.Error("the confirmation repeats what was destroyed")
		}
		if !strings.Contains(paper, "з-15") || !strings.Contains(paper, "приказ № 179") {
			t.Error("the confirmation lacks its request or what remains")
		}
	}
	if _, err := b.exec.Confirmation(context.Background(), "", epoch, operator, ops, nil); !errors.Is(err, ErrIncomplete) {
		t.Error(err)
	}
}

func TestNotices(t *testing.T) {
	contact := Contact{Name: "Петров Пётр", Email: "dpo@example.org"}
	n := BreachNotice{Operator: operator, Detected: epoch, Incident: "копия таблицы отправлена не тому клиенту", Causes: "ошибка в адресе", Harm: "раскрыты телефоны", Measures: "копия отозвана", Contact: contact}
	r := BreachReport{Operator: operator, Detected: epoch, Incident: n.Incident, Results: "причина установлена", NoPerson: true}
	c := ClientNotice{Operator: operator, Client: "ООО «Василёк»", Confirmed: epoch, Incident: n.Incident, Categories: []string{"телефоны"}, Measures: n.Measures, Contact: contact}
	for name, p := range map[string]struct {
		write func(*bytes.Buffer) error
		want  []string
	}{
		"notice": {func(b *bytes.Buffer) error { return n.WriteHTML(b) }, []string{n.Causes, n.Harm, n.Measures, contact.Email, "02.11.2025 12:00 UTC"}},
		"report": {func(b *bytes.Buffer) error { return r.WriteHTML(b) }, []string{r.Results, "отсутствуют", "04.11.2025 12:00 UTC"}},
		"client": {func(b *bytes.Buffer) error { return c.WriteHTML(b) }, []string{c.Client, "телефоны", "02.11.2025 12:00 UTC"}},
	} {
		var page bytes.Buffer
		if err := p.write(&page); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, w := range p.want {
			if !strings.Contains(page.String(), w) {
				t.Errorf("%s lacks %s", name, w)
			}
		}
	}
	n.Harm, r.NoPerson, c.Contact.Email = "", false, ""
	for _, err := range []error{n.Check(), r.Check(), c.Check()} {
		if !errors.Is(err, ErrIncomplete) {
			t.Error(err)
		}
	}
}

// The table of fields agrees with the order as it is written down in testdata.
func TestOrder179Fields(t *testing.T) {
	data, err := os.ReadFile("testdata/order179.json")
	if err != nil {
		t.Fatal(err)
	}
	var order struct {
		Act     []struct{ Key string } `json:"act_fields"`
		Extract []struct{ Key string } `json:"log_extract_fields"`
	}
	if err := json.Unmarshal(data, &order); err != nil {
		t.Fatal(err)
	}
	asMap := func(v any) map[string]any {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		m := map[string]any{}
		if err := json.Unmarshal(text, &m); err != nil {
			t.Fatal(err)
		}
		return m
	}
	full := asMap(Act{Processor: &Party{}, Media: []Medium{{}}, Systems: []string{""}})
	for _, f := range order.Act {
		if _, ok := full[f.Key]; !ok {
			t.Errorf("the act has no %s", f.Key)
		}
	}
	line := asMap(ExtractLine{})
	for _, f := range order.Extract {
		if _, ok := line[f.Key]; !ok {
			t.Errorf("the extract has no %s", f.Key)
		}
	}
	if len(order.Act) != 10 || len(order.Extract) != 5 {
		t.Error(len(order.Act), len(order.Extract))
	}
}

func TestCheckPapers(t *testing.T) {
	b := newBench(t)
	b.note("a", epoch.Add(-40*day))
	if err := b.plan().CheckPapers(details()); err != nil {
		t.Error(err)
	}
	b.note2("b", epoch.Add(-40*day)) // of no subject
	if err := b.plan().CheckPapers(details()); !errors.Is(err, ErrIncomplete) || !strings.Contains(err.Error(), "subjects (class note)") {
		t.Error(err)
	}
}

func TestActOverDays(t *testing.T) {
	b, ops := destroyedBench(t)
	b.now = b.now.Add(2 * day)
	b.note("later", epoch.Add(-40*day))
	_, r := b.sweep()
	a, err := b.exec.Act(append(ops, r.Ops...), details())
	if err != nil || a.DestroyedOn != "2025-11-03" || len(a.Remarks) != 1 || !strings.Contains(a.Remarks[0], "с 2025-11-01 по 2025-11-03") {
		t.Errorf("%+v %v", a, err)
	}
}
