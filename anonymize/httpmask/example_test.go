package httpmask_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/syntora/vual/anonymize/httpmask"
)

func ExampleTransport() {
	another := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Println("the other service gets", string(body))
	}))
	defer another.Close()

	client := &http.Client{Transport: httpmask.Transport(nil, nil)}
	resp, err := client.Post(another.URL, "application/json", strings.NewReader(`{"comment": "звонить на +7 916 123-45-67"}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	resp.Body.Close()
	// Output:
	// the other service gets {"comment":"звонить на [PHONE_1]"}
}
