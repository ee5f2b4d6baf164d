// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MemberId} from "./Types.sol";

/// @title Checkpoints of the members' audit logs
/// @notice A log is known by (member, log number, suite). Its next checkpoint is accepted only with the signature of the member's
/// current account and a proof that it extends the last one (RFC 9162 §2.1.4). Never paused; suspended members go on.
/// @dev EIP-712 domain: name `Xinshu Audit Anchor`, version `1`, this chain, this contract;
/// `Checkpoint(bytes32 member,uint32 log,bytes32 suite,uint64 size,bytes32 root)`. Suite: `rfc6962-sha256`.
/// Warning: a checkpoint proves what the log holds, not that everything was logged.
interface IAuditAnchor {
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

    struct AnchoredCheckpoint {
        uint64 size;
        bytes32 root;
        uint64 blockNumber;
        uint64 time;
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
    /// Signed by the member: two roots for one size.
    error AuditAnchorForked(uint64 size, bytes32 anchored, bytes32 given);
    error AuditAnchorSizeShrunk(uint64 last, uint64 given);
    error AuditAnchorInconsistent(uint64 last, uint64 given);
    error AuditAnchorNotAnchored(MemberId member, uint32 log, bytes32 suite, uint64 size);

    /// @notice Anchors a batch. By anyone. A bad entry emits `AnchorRefused` and changes nothing; the others go on.
    function anchor(Entry[] calldata entries) external;

    /// @notice One entry of a batch, in a call of its own so that it fails alone. Only by this contract.
    function anchorEntry(Entry calldata entry) external;

    /// @notice The last checkpoint; all zero if there is none.
    function latest(MemberId member, uint32 log, bytes32 suite) external view returns (AnchoredCheckpoint memory);

    function anchorCount(MemberId member, uint32 log, bytes32 suite) external view returns (uint256);

    /// @notice A checkpoint by its position, the oldest at 0.
    function anchorAt(MemberId member, uint32 log, bytes32 suite, uint256 index) external view returns (AnchoredCheckpoint memory);

    /// @notice Whether the leaf is in the log at an anchored size (RFC 9162 §2.1.3.2). Reverts if the size is not anchored.
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
