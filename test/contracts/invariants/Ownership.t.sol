// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IDataCatalog} from "../../../contracts/interfaces/IDataCatalog.sol";
import {IGrantRegistry} from "../../../contracts/interfaces/IGrantRegistry.sol";
import {DatasetId, GrantId, RequestId, ShareClass} from "../../../contracts/interfaces/Types.sol";
import {Network} from "../helpers/Network.sol";
import {VM} from "../helpers/Vm.sol";

/// Anybody tries to change the registry's dataset and the grants on it. Keys 1 to 5 are members, 1 the owner, 6 a stranger.
contract OwnershipHandler is Network {
    RequestId private _open;
    GrantId[] private _grants;
    uint64 private _price;
    uint8 private _amountFloor = 3;
    bool public violated;
    uint256 public ownerChanges;

    /// The state of dataset and grants changes only if the owner called, and the owner never changes.
    modifier onlyOwnerChanges(uint256 actor) {
        bytes32 before = _digest();
        _;
        bool changed = _digest() != before;
        if (changed && actor != 1) violated = true;
        if (changed) ++ownerChanges;
        if (catalog.dataset(PENALTY).owner != REGISTRY) violated = true;
    }

    function ask() external {
        VM.prank(VM.addr(2));
        (_open, ) = grants.request(PENALTY, _scope());
    }

    function approve(uint256 key) external {
        uint256 actor = _bound(key, 1, 6);
        uint256 count = _grants.length;
        VM.prank(VM.addr(actor));
        try grants.approve(_open, _scope(), ++_price, "terms") returns (GrantId made) {
            _grants.push(made);
        } catch {}
        if (_grants.length != count && actor != 1) violated = true;
    }

    function amend(uint256 key, uint256 which) external onlyOwnerChanges(_bound(key, 1, 6)) {
        GrantId id = _any(which);
        IGrantRegistry.Scope memory scope = _scope();
        VM.prank(VM.addr(_bound(key, 1, 6)));
        try grants.amend(id, scope, ++_price, "amended") {} catch {}
    }

    function revoke(uint256 key, uint256 which) external onlyOwnerChanges(_bound(key, 1, 6)) {
        GrantId id = _any(which);
        VM.prank(VM.addr(_bound(key, 1, 6)));
        try grants.revoke(id, "reason") {} catch {}
    }

    function setPrice(uint256 key, uint256 price) external onlyOwnerChanges(_bound(key, 1, 6)) {
        VM.prank(VM.addr(_bound(key, 1, 6)));
        try catalog.setPrice(PENALTY, price) {} catch {}
    }

    function setTerms(uint256 key, uint16 operations) external onlyOwnerChanges(_bound(key, 1, 6)) {
        VM.prank(VM.addr(_bound(key, 1, 6)));
        try catalog.setTerms(PENALTY, ShareClass.Conditional, operations | 1, "terms") {} catch {}
    }

    function register(uint256 key) external onlyOwnerChanges(_bound(key, 1, 6)) {
        VM.prank(VM.addr(_bound(key, 1, 6)));
        try catalog.register(PENALTY, _registration()) {
            violated = true;
        } catch {}
    }

    /// Grades of both fields move at random, and the second field comes and goes; without a regulator none ever falls.
    function amendFields(uint256 key, uint8 date, uint8 amount, bool drop) external onlyOwnerChanges(_bound(key, 1, 6)) {
        IDataCatalog.Field[] memory next = new IDataCatalog.Field[](drop ? 1 : 2);
        next[0] = IDataCatalog.Field("date", date % 7);
        if (!drop) next[1] = IDataCatalog.Field("amount", amount % 7);
        (uint8 dateBefore, uint8 amountFloor) = (catalog.gradeOf(PENALTY, "date"), _amountFloor);
        VM.prank(VM.addr(_bound(key, 1, 6)));
        try catalog.amendFields(PENALTY, "schema", next) {
            if (next[0].grade < dateBefore || (!drop && next[1].grade < amountFloor)) violated = true;
            if (!drop) _amountFloor = next[1].grade;
            uint8 highest = !drop && next[1].grade > next[0].grade ? next[1].grade : next[0].grade;
            if (catalog.dataset(PENALTY).grade != highest) violated = true;
        } catch {}
    }

    function publish(uint256 key, bytes32 root) external onlyOwnerChanges(_bound(key, 1, 6)) {
        IDataCatalog.Commitment[] memory commitments = new IDataCatalog.Commitment[](1);
        commitments[0] = IDataCatalog.Commitment("records", SUITE, root, 1);
        uint32 next = catalog.dataset(PENALTY).version + 1;
        VM.prank(VM.addr(_bound(key, 1, 6)));
        try catalog.publishVersion(PENALTY, next, "schema", commitments, 0) {} catch {}
    }

    function _any(uint256 which) private view returns (GrantId) {
        return _grants.length == 0 ? GrantId.wrap(0) : _grants[which % _grants.length];
    }

    function _digest() private view returns (bytes32 digest) {
        uint32 version = catalog.dataset(PENALTY).version;
        digest = keccak256(
            abi.encode(catalog.dataset(PENALTY), catalog.fields(PENALTY), catalog.policy(PENALTY), catalog.version(PENALTY, version))
        );
        for (uint256 i = 0; i < _grants.length; ++i) {
            digest = keccak256(abi.encode(digest, grants.grant(_grants[i])));
        }
    }
}

contract OwnershipInvariant {
    OwnershipHandler private _handler;

    function setUp() public {
        _handler = new OwnershipHandler();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// Only its owner ever changes a dataset or a grant; grades never fall by amending.
    function invariant_OnlyTheOwnerChanges() public view {
        require(!_handler.violated(), "changed by another, or a grade fell");
    }
}
