// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuditAnchor} from "../../../contracts/interfaces/IAuditAnchor.sol";
import {MerkleModel} from "../helpers/MerkleModel.sol";
import {Network} from "../helpers/Network.sol";

/// A member with two histories that share a beginning: it may anchor along one of them only, however it tries.
contract AnchorHandler is Network {
    uint256 private constant _SHARED = 5;
    uint256 private constant _LONGEST = 40;

    bytes32[][2] private _histories;
    uint64[] private _sizes;
    bytes32[] private _roots;
    uint64 public largest;
    bool public violated;
    uint256 public anchored;

    constructor() {
        for (uint256 i = 0; i < _LONGEST; ++i) {
            bytes32 leaf = keccak256(abi.encode("leaf", i));
            _histories[0].push(leaf);
            _histories[1].push(i < _SHARED ? leaf : keccak256(abi.encode("other", i)));
        }
    }

    /// Tries a size of one of the histories, with the proof from the last size, a proof from elsewhere, or a spoilt one.
    function anchor(uint256 history, uint256 size, uint256 from, bool spoil) external {
        bytes32[] memory leaves = _histories[history % 2];
        uint256 last = anchors.latest(BANK, 0, SUITE).size;
        uint256 next = size % 4 == 0 ? _bound(size >> 2, 1, last + 1) : last + _bound(size >> 2, 1, 4);
        if (next > _LONGEST) return;
        uint256 first = from % 4 == 0 ? _bound(from, 1, next) : last;
        IAuditAnchor.Entry[] memory entries = new IAuditAnchor.Entry[](1);
        entries[0].checkpoint = IAuditAnchor.Checkpoint(BANK, 0, SUITE, uint64(next), MerkleModel.root(leaves, 0, next));
        if (first > 0 && first < next) entries[0].consistency = MerkleModel.consistency(leaves, first, next);
        if (spoil && entries[0].consistency.length > 0) entries[0].consistency[0] = "spoilt";
        entries[0].signature = _signature(2, anchors.hashCheckpoint(entries[0].checkpoint));
        uint256 count = anchors.anchorCount(BANK, 0, SUITE);
        anchors.anchor(entries);
        if (anchors.anchorCount(BANK, 0, SUITE) == count) return;
        ++anchored;
        if (next <= largest || (spoil && count > 0)) violated = true;
        largest = uint64(next);
        _sizes.push(uint64(next));
        _roots.push(entries[0].checkpoint.root);
    }

    /// All anchored roots belong to one of the histories, sizes rising; the last is kept as it was anchored.
    function isOneHistory() external view returns (bool) {
        uint256 count = anchors.anchorCount(BANK, 0, SUITE);
        if (count != _sizes.length) return false;
        IAuditAnchor.AnchoredCheckpoint memory last = anchors.latest(BANK, 0, SUITE);
        if (count > 0 && (last.size != _sizes[count - 1] || last.root != _roots[count - 1])) return false;
        bool[2] memory along = [true, true];
        for (uint256 i = 0; i < count; ++i) {
            if (i > 0 && _sizes[i] <= _sizes[i - 1]) return false;
            for (uint256 h = 0; h < 2; ++h) {
                if (MerkleModel.root(_histories[h], 0, _sizes[i]) != _roots[i]) along[h] = false;
            }
        }
        return along[0] || along[1];
    }
}

contract AnchorsInvariant {
    AnchorHandler private _handler;

    function setUp() public {
        _handler = new AnchorHandler();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// An anchored size never shrinks, and what is anchored is one history.
    function invariant_OneGrowingHistory() public view {
        require(!_handler.violated(), "a size shrank, or a spoilt proof was taken");
        require(_handler.isOneHistory(), "two histories were anchored");
    }
}
