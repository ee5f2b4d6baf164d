// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IForkJudge} from "./IForkJudge.sol";
import {IMemberRegistry} from "./IMemberRegistry.sol";
import {MemberId} from "./Types.sol";

/// @title Checkpoints of the members' audit logs
/// @notice A log is known by (member, log number, suite). Its next checkpoint is accepted only with the signature of the member's
/// current account and a proof that it extends the last one (RFC 9162 §2.1.4). Never paused; suspended members go on.
/// Storage keeps the last checkpoint of a log, two words that the next one overwrites. It is proven to hold all before it, so what an
/// older one proved the last one proves too; that there was an older one, and when, stands in its `Anchored` event.
/// @dev EIP-712 domain: name `Xinshu Audit Anchor`, version `1`, this chain, this contract;
/// `Checkpoint(bytes32 member,uint32 log,bytes32 suite,uint64 size,bytes32 root)`. Suite: `rfc6962-sha256`.
/// Storage of a log, for storage proofs: s = `keccak256(abi.encode(logKey, 3))` with logKey = `keccak256(abi.encode(member, log,
/// suite))` holds the root, s + 1 from the low end on size, block, time and count, 64 bits each.
/// Warning: a checkpoint proves what the log holds, not that everything was logged.
interface IAuditAnchor is IForkJudge {
    struct Checkpoint {
        MemberId member;
        uint32 log;
        bytes32 suite;
        uint64 size;
        bytes32 root;
    }

    /// @param consistency from the last anchored size; empty for the first checkpoint
    struct Entry {
        Checkpoint checkpoint;
        bytes32[] consistency;
        bytes signature;
    }

    /// @param count of checkpoints of the log anchored so far, with this one
    struct AnchoredCheckpoint {
        bytes32 root;
        uint64 size;
        uint64 blockNumber;
        uint64 time;
        uint64 count;
    }

    event Anchored(MemberId indexed member, uint32 indexed log, bytes32 indexed suite, uint64 size, bytes32 root);
    /// @param index position in the batch
    /// @param reason the custom error, encoded
    event AnchorRefused(uint256 index, MemberId indexed member, uint32 indexed log, bytes reason);

    error AuditAnchorOnlySelf(address account);
    error AuditAnchorUnknownMember(MemberId member);
    error AuditAnchorUnsupportedSuite(bytes32 suite);
    error AuditAnchorEmptyLog();
    error AuditAnchorInvalidSignature(MemberId member, address account);
    error AuditAnchorAlreadyAnchored(uint64 size);
    /// Signed by the member: two roots for one size. With the anchored one it makes a `ForkEvidence`.
    error AuditAnchorForked(uint64 size, bytes32 anchored, bytes32 given);
    error AuditAnchorSizeShrunk(uint64 last, uint64 given);
    /// The proof has fewer hashes than one between these sizes.
    error AuditAnchorProofTooShort(uint64 first, uint64 second, uint256 hashes);
    error AuditAnchorProofTooLong(uint64 first, uint64 second, uint256 hashes);
    /// The proof does not lead from the one root to the other.
    error AuditAnchorInconsistent(uint64 first, uint64 second);
    /// An entry is longer than any can be that is accepted.
    error AuditAnchorOversized(uint256 hashes, uint256 signatureBytes);
    /// The transaction brought too little gas to judge all its entries: it is undone, so that none is refused for that.
    error AuditAnchorGasTooLow(uint256 index, uint256 gasLeft);
    /// The last anchored checkpoint is of another size, or has another root.
    error AuditAnchorNotAnchored(MemberId member, uint32 log, bytes32 suite, uint64 size);

    /// @notice Anchors a batch. By anyone. A bad entry emits `AnchorRefused` and changes nothing; the others go on.
    /// @dev Each entry runs with 1,250,000 gas at most, of which a contract account gets 1,000,000 to judge a signature; as much
    /// must be left whenever an entry's turn comes.
    function anchor(Entry[] calldata entries) external;

    /// @notice One entry of a batch, in a call of its own so that it fails alone. Only by this contract.
    /// @param members looked up once a batch
    function anchorEntry(Entry calldata entry, IMemberRegistry members) external;

    /// @notice The last checkpoint; all zero if there is none.
    function latest(MemberId member, uint32 log, bytes32 suite) external view returns (AnchoredCheckpoint memory);

    /// @notice How many were ever anchored.
    function anchorCount(MemberId member, uint32 log, bytes32 suite) external view returns (uint256);

    /// @notice Whether the log had this root at this size, by a proof that the last anchored checkpoint extends it
    /// (RFC 9162 §2.1.4.2); of the last one itself the proof is empty. For checkpoints anchored once, and any other.
    function verifyPrefix(
        MemberId member,
        uint32 log,
        bytes32 suite,
        uint64 size,
        bytes32 root,
        bytes32[] calldata consistency
    ) external view returns (bool);

    /// @notice Whether the leaf is in the log at the size anchored last (RFC 9162 §2.1.3.2). Reverts for any other size.
    function verifyInclusion(
        MemberId member,
        uint32 log,
        bytes32 suite,
        uint64 size,
        bytes32 leafHash,
        uint64 index,
        bytes32[] calldata proof
    ) external view returns (bool);

    function hashCheckpoint(Checkpoint calldata checkpoint) external view returns (bytes32);
}
