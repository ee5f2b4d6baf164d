// Reads one member's audit log with the readers that others wrote: golang.org/x/mod/sumdb (note, tlog) and filippo.io/torchwood, both unchanged. Run by hand
// (docs/protocol/audit-log.md); the same is proved in npm test by test/conformance/tlog.
//
//	go run . PREFIX VERIFIER-KEY TOKEN-FILE
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"strings"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// bearer adds the token: the one thing that readers of public logs don't need.
type bearer struct{ token string }

func (b bearer) RoundTrip(request *http.Request) (*http.Response, error) {
	request = request.Clone(request.Context())
	request.Header.Set("Authorization", "Bearer "+b.token)
	return http.DefaultTransport.RoundTrip(request)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	if len(os.Args) != 4 {
		log.Fatal("usage: go run . PREFIX VERIFIER-KEY TOKEN-FILE")
	}
	prefix, vkey := os.Args[1], os.Args[2]
	token, err := os.ReadFile(os.Args[3])
	check(err)
	verifier, err := note.NewVerifier(vkey)
	check(err)

	ctx := context.Background()
	fetcher, err := torchwood.NewTileFetcher(prefix, torchwood.WithHTTPClient(&http.Client{Transport: bearer{strings.TrimSpace(string(token))}}))
	check(err)
	client, err := torchwood.NewClient(fetcher)
	check(err)

	signed, err := fetcher.ReadEndpoint(ctx, "checkpoint")
	check(err)
	policy := torchwood.ThresholdPolicy(2, torchwood.OriginPolicy(verifier.Name()), torchwood.SingleVerifierPolicy(verifier))
	checkpoint, _, err := torchwood.VerifyCheckpoint(signed, policy)
	check(err)
	tree := tlog.Tree{N: checkpoint.N, Hash: checkpoint.Hash}

	// AllEntries holds every entry against the tree. About 500 of them, and of the sizes, are also proved one by one: each of those fetches its tiles anew.
	step := tree.N/500 + 1
	count := int64(0)
	for index, entry := range client.AllEntries(ctx, tree, 0) {
		count++
		if index%step != 0 {
			continue
		}
		again, proof, err := client.Entry(ctx, tree, index)
		check(err)
		if string(again) != string(entry) {
			log.Fatalf("entry %d differs from itself", index)
		}
		check(tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)))
	}
	check(client.Err())
	if count != tree.N {
		log.Fatalf("%d entries of %d", count, tree.N)
	}

	// The root of an earlier size out of the tiles, and the proof that the newest tree extends it.
	hashes := torchwood.TileHashReaderWithContext(ctx, tree, fetcher)
	for size := int64(1); size < tree.N; size += step {
		root, err := tlog.TreeHash(size, hashes)
		check(err)
		proof, err := tlog.ProveTree(tree.N, size, hashes)
		check(err)
		check(tlog.CheckTree(proof, tree.N, tree.Hash, size, root))
	}
	fmt.Printf("%s: read %d entries; proved inclusion of, and consistency from, one in %d\n", checkpoint.Origin, tree.N, step)
}
