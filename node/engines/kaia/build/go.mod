// Kaia's consensus node at an exact version. blst is raised: v0.3.11, which Kaia v1.0.3 asks for, does not compile with Go 1.24 and later.
module xinshu/kaia

go 1.22.1

require (
	github.com/kaiachain/kaia v1.0.3
	github.com/supranational/blst v0.3.16
)
