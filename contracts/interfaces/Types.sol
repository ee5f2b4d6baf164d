// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// Short ASCII code of a member, left-aligned: 1 to 31 of `[a-z0-9.-]`, e.g. `bank-changan`.
type MemberId is bytes32;
/// Short ASCII code of a dataset, left-aligned: 1 to 31 of `[a-z0-9.-]`, e.g. `gov-credit.penalty`.
type DatasetId is bytes32;
/// `keccak256(abi.encode(registry, "request", sequence number))`, sequence from 1.
type RequestId is bytes32;
/// `keccak256(abi.encode(registry, "grant", sequence number))`, sequence from 1.
type GrantId is bytes32;
/// The EIP-712 digest of the consent as its key signed it.
type ConsentId is bytes32;
/// Short ASCII code of a scoring model, left-aligned: 1 to 31 of `[a-z0-9.-]`, e.g. `sme-supplier`.
type ModelId is bytes32;
/// The EIP-712 digest of a joint scoring session, as its consumer and providers signed it.
type SessionId is bytes32;

// Bound to their types as operators, these are nobody's private parts.
// solhint-disable private-vars-leading-underscore
using {sameMember as ==, otherMember as !=} for MemberId global;
using {sameDataset as ==} for DatasetId global;

function sameMember(MemberId a, MemberId b) pure returns (bool) {
    return MemberId.unwrap(a) == MemberId.unwrap(b);
}

function otherMember(MemberId a, MemberId b) pure returns (bool) {
    return MemberId.unwrap(a) != MemberId.unwrap(b);
}

function sameDataset(DatasetId a, DatasetId b) pure returns (bool) {
    return DatasetId.unwrap(a) == DatasetId.unwrap(b);
}

// solhint-enable private-vars-leading-underscore

enum Sector {
    None,
    Government,
    Finance,
    Utilities,
    SupplyChain
}

/// `Left` is final: the code of a removed member is never given out again.
enum Status {
    None,
    Active,
    Suspended,
    Left
}

/// Sign: Ed25519 for JWS. Seal: X25519 for JWE. Note: Ed25519 for checkpoints. Tls: SHA-256 of the certificate's SPKI.
enum KeyPurpose {
    None,
    Sign,
    Seal,
    Note,
    Tls
}

/// Open 无条件共享, Conditional 有条件共享, Withheld 不予共享.
enum ShareClass {
    None,
    Open,
    Conditional,
    Withheld
}

// Roles of a member, a bit mask.
uint16 constant PROVIDER = 1;
uint16 constant CONSUMER = 2;
uint16 constant ISSUER = 4;
uint16 constant AUDITOR = 8;
uint16 constant REGULATOR = 16;
uint16 constant COUNCIL = 32;
uint16 constant OPERATOR = 64;
uint16 constant ALL_ROLES = 127;

// Operations on a dataset, a bit mask.
uint16 constant RAW = 1;
uint16 constant SCORE = 2;
uint16 constant VERIFY = 4;
uint16 constant SANDBOX = 8;
uint16 constant ALL_OPERATIONS = 15;
