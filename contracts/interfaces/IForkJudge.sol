// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MemberId} from "./Types.sol";

/// @title Evidence that a member showed two histories of one log
/// @notice A log only grows, so of two checkpoints of one log the larger must extend the smaller. A member that made two which
/// contradict each other has forked its log, and two such checkpoints prove it to everyone, for ever. By anyone. Never paused.
/// @dev The contradiction: (second.size, second.root) extends (first.size, extendedRoot) by RFC 9162 §2.1.4.2, and extendedRoot
/// is not first.root. A root fixes the whole tree under it, down to the root at any smaller size (SHA-256 has no collisions), so
/// for checkpoints of one history no other extendedRoot can be shown, by whatever proof.
/// Warning: a signature counts by whichever of the member's accounts it was made, at any time. Who gets hold of a member's account,
/// the present one or one given up, can fork in its name: keys given up are destroyed, not left lying.
interface IForkJudge {
    /// One side of a contradiction.
    /// @param account that signed the checkpoint: the member's, now or once; 0 for the log's last anchored checkpoint
    /// @param signature EIP-712, of `Checkpoint`; empty for an anchored one
    struct Statement {
        uint64 size;
        bytes32 root;
        address account;
        bytes signature;
    }

    /// @param first the smaller one; of two of one size, the one with the smaller root
    /// @param extendedRoot root at `first.size` of the history that `second` belongs to; of two of one size `second.root` itself
    /// @param consistency from (first.size, extendedRoot) to `second`; of two of one size empty
    struct ForkEvidence {
        MemberId member;
        uint32 log;
        bytes32 suite;
        Statement first;
        Statement second;
        bytes32 extendedRoot;
        bytes32[] consistency;
    }

    /// @param id `keccak256(abi.encode(member, log, suite, firstSize, firstRoot, secondSize, secondRoot))`
    struct ForkRecord {
        bytes32 id;
        bytes32 suite;
        bytes32 firstRoot;
        bytes32 secondRoot;
        uint32 log;
        uint64 firstSize;
        uint64 secondSize;
        uint64 blockNumber;
    }

    /// Carries everything that is needed to judge again.
    event ForkRecorded(bytes32 indexed id, MemberId indexed member, uint32 indexed log, ForkEvidence evidence);

    error ForkJudgeUnordered(uint64 firstSize, bytes32 firstRoot, uint64 secondSize, bytes32 secondRoot);
    /// Both belong to one history.
    error ForkJudgeNoContradiction(uint64 size, bytes32 root);
    /// The account never was the member's.
    error ForkJudgeForeignAccount(MemberId member, address account);
    error ForkJudgeKnown(bytes32 id);

    /// @notice Records a contradiction, here and in the MemberRegistry. By anyone; refused if it is recorded already.
    function reportFork(ForkEvidence calldata evidence) external;

    /// @notice How many different contradictions of the member are recorded.
    function forkCount(MemberId member) external view returns (uint256);

    /// @notice A recorded contradiction by its position, the oldest at 0.
    function forkAt(MemberId member, uint256 index) external view returns (ForkRecord memory);

    function isForkRecorded(bytes32 id) external view returns (bool);
}
