// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuditAnchor} from "../../../contracts/interfaces/IAuditAnchor.sol";
import {IForkJudge} from "../../../contracts/interfaces/IForkJudge.sol";
import {MemberId} from "../../../contracts/interfaces/Types.sol";
import {Forger} from "../helpers/Forger.sol";
import {MerkleModel} from "../helpers/MerkleModel.sol";
import {VM} from "../helpers/Vm.sol";

/// The bank shows one history to the chain and to everyone, until it forks; somebody reports whatever it likes about what the bank
/// signed. The bank changes its account now and then.
contract ForkHandler is Forger {
    uint256 private _key = BANK_KEY;
    uint256 private _keys = 1;
    uint256 public expected;
    bool public violated;

    /// The log grows on chain, along the honest history.
    function anchor(uint256 by) external {
        uint256 last = anchors.latest(BANK, 0, SUITE).size;
        uint256 next = last + _bound(by, 1, 3);
        if (next > LONGEST) return;
        bytes32[] memory leaves = _history(0);
        IAuditAnchor.Entry[] memory entries = new IAuditAnchor.Entry[](1);
        entries[0].checkpoint = IAuditAnchor.Checkpoint(BANK, 0, SUITE, uint64(next), MerkleModel.root(leaves, 0, next));
        if (last > 0) entries[0].consistency = MerkleModel.consistency(leaves, last, next);
        entries[0].signature = _signature(_key, anchors.hashCheckpoint(entries[0].checkpoint));
        anchors.anchor(entries);
        if (anchors.latest(BANK, 0, SUITE).size != next) violated = true;
    }

    /// Anything about two checkpoints of the honest history, signed or anchored.
    function frame(uint256 a, uint256 b, bytes32 claim, uint256 kind, uint256 place, bytes32[] calldata words) external {
        (uint256 first, uint256 second) = _sizes(a, b);
        bytes32[] memory leaves = _history(0);
        IForkJudge.ForkEvidence memory evidence = _evidence(leaves, first, leaves, second, leaves);
        if (kind & 1 == 1) (evidence.second.account, evidence.second.signature) = (address(0), "");
        if (kind & 2 == 2) evidence.extendedRoot = claim;
        if (kind & 4 == 4) evidence.extendedRoot = MerkleModel.root(_history(1), 0, first);
        evidence.consistency = _anyProof(kind >> 3, place, first, second, words);
        if (_report(evidence)) violated = true;
    }

    /// A checkpoint of the other history, shown to somebody, against the one that is anchored.
    function fork(uint256 a) external {
        uint256 second = anchors.latest(BANK, 0, SUITE).size;
        if (second <= SHARED) return;
        uint256 first = _bound(a, SHARED + 1, second);
        bytes32[] memory leaves = _history(0);
        IForkJudge.ForkEvidence memory evidence = _evidence(_history(1), first, leaves, second, leaves);
        bool turned = evidence.first.size == evidence.second.size && evidence.first.root == MerkleModel.root(leaves, 0, first);
        if (turned) (evidence.first.account, evidence.first.signature) = (address(0), "");
        else (evidence.second.account, evidence.second.signature) = (address(0), "");
        bytes32 id = keccak256(
            abi.encode(BANK, uint32(0), SUITE, evidence.first.size, evidence.first.root, evidence.second.size, evidence.second.root)
        );
        bool known = anchors.isForkRecorded(id);
        bool recorded = _report(evidence);
        if (recorded == known) violated = true;
        if (recorded) ++expected;
    }

    /// Evidence signed with the first account counts all the same.
    function rotate() external {
        uint256 next = 1_000 + _keys++;
        VM.prank(VM.addr(_key));
        members.rotateAccount(VM.addr(next));
        _key = next;
    }

    function isMarked() external view returns (bool) {
        return members.forksOf(BANK).count == expected && anchors.forkCount(BANK) == expected;
    }

    function isAnyoneElseMarked() external view returns (bool) {
        MemberId[] memory ids = members.memberIds();
        for (uint256 i = 0; i < ids.length; ++i) {
            if (ids[i] != BANK && members.forksOf(ids[i]).count > 0) return true;
        }
        return false;
    }
}

contract ForksInvariant {
    ForkHandler private _handler;

    function setUp() public {
        _handler = new ForkHandler();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// Honest checkpoints never make a fork, a fork is recorded once, and the mark stands with whom it belongs.
    function invariant_ForksAreRecordedAndNothingElse() public view {
        require(!_handler.violated(), "a member was framed, or a fork refused or recorded twice");
        require(_handler.isMarked(), "the registry and the judge disagree");
        require(!_handler.isAnyoneElseMarked(), "somebody else was marked");
    }
}
