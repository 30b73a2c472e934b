package slogmask_test

import (
	"errors"
	"log/slog"
	"os"

	"github.com/syntora/vual/anonymize/slogmask"
)

func Example() {
	json := slog.NewJSONHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: dropTime})
	logger := slog.New(slogmask.New(json, nil))
	logger.Info("Перезвонить Игорю Кузнецову", "phone", "89161234567", "order", 1042)
	logger.Error("письмо не ушло", "error", errors.New("550 no mailbox marina.k@example.ru"))
	// Output:
	// {"level":"INFO","msg":"Перезвонить [PERSON]","phone":"[PHONE]","order":1042}
	// {"level":"ERROR","msg":"письмо не ушло","error":"550 no mailbox [EMAIL]"}
}

func dropTime(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return a
}
