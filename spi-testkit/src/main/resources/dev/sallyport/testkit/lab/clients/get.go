// Command get asks for one URL and prints the protocol and the status that came back.
//
// It uses Go's own resolver and Go's own TLS: nothing of libc or OpenSSL is in it. The authority to
// trust comes from SSL_CERT_FILE.
package main

import (
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

func main() {
	http2 := flag.Bool("http2", true, "offer HTTP/2")
	method := flag.String("method", "GET", "request method")
	body := flag.String("body", "", "request body")
	repeat := flag.Int("repeat", 1, "requests over the same connection")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: get [-http2=false] [-method M] [-body TEXT] [-repeat N] URL")
		os.Exit(64)
	}
	transport := &http.Transport{ForceAttemptHTTP2: *http2}
	if !*http2 {
		// An empty, non-nil map is how net/http is told to leave HTTP/2 alone.
		transport.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
	}
	client := &http.Client{Transport: transport, Timeout: 10 * time.Second}
	for i := 0; i < *repeat; i++ {
		if err := get(client, *method, flag.Arg(0), *body); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

func get(client *http.Client, method, url, body string) error {
	request, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	// Only a body that was read to its end lets the connection be used again.
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return err
	}
	fmt.Println(response.Proto, response.StatusCode)
	return nil
}
