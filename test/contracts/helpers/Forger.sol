// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuditAnchor} from "../../../contracts/interfaces/IAuditAnchor.sol";
import {IForkJudge} from "../../../contracts/interfaces/IForkJudge.sol";
import {MerkleModel} from "./MerkleModel.sol";
import {Network} from "./Network.sol";
import {VM} from "./Vm.sol";

/// The bank's log with two histories that share a beginning, and all that can be claimed about them.
contract Forger is Network {
    uint256 internal constant SHARED = 5;
    uint256 internal constant LONGEST = 60;
    uint256 internal constant BANK_KEY = 2;

    function _report(IForkJudge.ForkEvidence memory evidence) internal returns (bool recorded) {
        try anchors.reportFork(evidence) {
            return true;
        } catch {
            return false;
        }
    }

    /// `first` leaves of one history against `second` of another, with the proof along a third.
    function _evidence(
        bytes32[] memory one,
        uint256 first,
        bytes32[] memory other,
        uint256 second,
        bytes32[] memory along
    ) internal view returns (IForkJudge.ForkEvidence memory evidence) {
        evidence.member = BANK;
        evidence.suite = SUITE;
        evidence.first = _signed(one, first);
        evidence.second = _signed(other, second);
        if (first == second && evidence.first.root > evidence.second.root) {
            (evidence.first, evidence.second) = (evidence.second, evidence.first);
        }
        evidence.extendedRoot = first == second ? evidence.second.root : MerkleModel.root(along, 0, first);
        evidence.consistency = first == second ? new bytes32[](0) : MerkleModel.consistency(along, first, second);
    }

    function _signed(bytes32[] memory leaves, uint256 size) internal view returns (IForkJudge.Statement memory) {
        bytes32 root = MerkleModel.root(leaves, 0, size);
        bytes32 digest = anchors.hashCheckpoint(IAuditAnchor.Checkpoint(BANK, 0, SUITE, uint64(size), root));
        return IForkJudge.Statement(uint64(size), root, VM.addr(BANK_KEY), _signature(BANK_KEY, digest));
    }

    /// A proof of the honest history that is right, spoilt, for another size, of the other history, or words from nowhere.
    function _anyProof(
        uint256 kind,
        uint256 place,
        uint256 first,
        uint256 second,
        bytes32[] memory words
    ) internal pure returns (bytes32[] memory proof) {
        uint256 from = kind % 5 == 2 ? 1 + (place % second) : first;
        if (kind % 5 == 4 || from >= second) return words;
        proof = MerkleModel.consistency(_history(kind % 5 == 3 ? 1 : 0), from, second);
        if (kind % 5 == 1 && words.length > 0) proof[place % proof.length] = words[0];
    }

    function _resized(bytes32[] memory proof, uint256 length, bytes32[] memory behind) internal pure returns (bytes32[] memory made) {
        made = new bytes32[](length);
        for (uint256 i = 0; i < length; ++i) {
            if (i < proof.length) made[i] = proof[i];
            else if (i - proof.length < behind.length) made[i] = behind[i - proof.length];
        }
    }

    function _sizes(uint256 a, uint256 b) internal pure returns (uint256 first, uint256 second) {
        second = 1 + (b % LONGEST);
        first = 1 + (a % second);
    }

    function _history(uint256 which) internal pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](LONGEST);
        for (uint256 i = 0; i < LONGEST; ++i) {
            leaves[i] = keccak256(abi.encode(i < SHARED ? 0 : which, i));
        }
    }
}
