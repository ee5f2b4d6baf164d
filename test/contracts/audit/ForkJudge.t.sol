// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IForkJudge} from "../../../contracts/interfaces/IForkJudge.sol";
import {Forger} from "../helpers/Forger.sol";
import {MerkleModel} from "../helpers/MerkleModel.sol";

/// Nobody is framed, and nobody gets away.
contract ForkJudgeTest is Forger {
    /// Two signed checkpoints of one history, of any sizes; any claim about the extended root and any proof: right, right but for a
    /// word, of another size or of another history. Never a fork.
    function testFuzz_OneHistoryIsNeverAFork(uint16 a, uint16 b, bytes32 claim, uint8 kind, uint8 place, bytes32[] calldata words) public {
        (uint256 first, uint256 second) = _sizes(a, b);
        bytes32[] memory leaves = _history(0);
        IForkJudge.ForkEvidence memory evidence = _evidence(leaves, first, leaves, second, leaves);
        evidence.extendedRoot = kind & 1 == 0 ? claim : MerkleModel.root(_history(1), 0, first);
        evidence.consistency = _anyProof(kind >> 1, place, first, second, words);
        require(!_report(evidence), "an honest member was framed");
        require(members.forksOf(BANK).count == 0, "an honest member is marked");
    }

    /// The same with bytes from nowhere for everything that is not signed.
    function testFuzz_NothingInventedIsAFork(
        uint64 size,
        bytes32 root,
        address account,
        bytes calldata signature,
        bytes32 claim,
        bytes32[] calldata words
    ) public {
        IForkJudge.ForkEvidence memory evidence = _evidence(_history(0), 7, _history(0), 12, _history(0));
        evidence.first = IForkJudge.Statement(size, root, account, signature);
        evidence.extendedRoot = claim;
        evidence.consistency = words;
        require(!_report(evidence), "an honest member was framed");
    }

    /// Any two sizes at which the histories differ.
    function testFuzz_AForkIsAlwaysRecorded(uint16 a, uint16 b, bool turned) public {
        (uint256 first, uint256 second) = _sizes(a, b);
        if (second <= SHARED) return;
        if (first <= SHARED) first = SHARED + 1;
        (uint256 one, uint256 other) = turned ? (0, 1) : (1, 0);
        bytes32[] memory along = _history(other);
        IForkJudge.ForkEvidence memory evidence = _evidence(_history(one), first, along, second, along);
        require(_report(evidence), "a fork was not recorded");
        require(members.forksOf(BANK).count == 1, "a fork is not marked");
        require(!_report(evidence), "a fork was recorded twice");
        require(anchors.forkCount(BANK) == 1, "a fork is counted twice");
    }

    /// A proof of a fork with a word less or more, or one changed, is refused: it is no proof.
    function testFuzz_ASpoiltProofIsRefused(uint16 a, uint16 b, uint8 place, bytes32 change, bytes32[] calldata behind) public {
        (uint256 first, uint256 second) = _sizes(a, b);
        if (first <= SHARED || first == second || change == 0) return;
        bytes32[] memory along = _history(1);
        IForkJudge.ForkEvidence memory evidence = _evidence(_history(0), first, along, second, along);
        bytes32[] memory proof = evidence.consistency;
        evidence.consistency = _resized(proof, proof.length - 1 - (place % proof.length), behind);
        require(!_report(evidence), "a cut proof was taken");
        evidence.consistency = _resized(proof, proof.length + 1 + behind.length, behind);
        require(!_report(evidence), "words behind the proof were taken");
        evidence.consistency = proof;
        proof[place % proof.length] ^= change;
        require(!_report(evidence), "a changed word was taken");
        proof[place % proof.length] ^= change;
        require(_report(evidence), "the right proof was not taken");
    }
}
