// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {Codes} from "../access/Codes.sol";
import {DirectoryClient} from "../access/DirectoryClient.sol";
import {IDirectory} from "../interfaces/IDirectory.sol";
import {IMemberRegistry} from "../interfaces/IMemberRegistry.sol";
import {ALL_ROLES, KeyPurpose, MemberId, Sector, Status} from "../interfaces/Types.sol";

/// @title Members, their roles, accounts, keys and endpoints
/// @notice The manual is {IMemberRegistry}.
contract MemberRegistry is IMemberRegistry, AccessManaged, DirectoryClient {
    uint256 private constant _MAX_NAME = 256;
    uint256 private constant _MAX_ENDPOINT = 512;
    uint256 private constant _MAX_KEY = 1024;

    MemberId[] private _ids;
    mapping(MemberId id => Member) private _byId;
    mapping(MemberId id => Key[]) private _keys;
    mapping(MemberId id => AccountPeriod[]) private _accounts;
    /// Present and former accounts alike.
    mapping(address account => MemberId) private _accountHolder;
    /// keccak256 of (purpose, suite, data), open and retired keys alike.
    mapping(bytes32 keyHash => MemberId) private _keyHolder;
    mapping(MemberId id => Forks) private _forks;

    constructor(address authority_, IDirectory directory_) AccessManaged(authority_) DirectoryClient(directory_) {}

    /// @inheritdoc IMemberRegistry
    function admit(MemberId id, Admission calldata admission) external restricted {
        _requireNotPaused();
        if (!Codes.isId(MemberId.unwrap(id))) revert MemberRegistryInvalidCode(MemberId.unwrap(id));
        if (_byId[id].status != Status.None) revert MemberRegistryExists(id);
        if (admission.sector == Sector.None) revert MemberRegistryInvalidSector();
        _requireRoles(admission.roles);
        uint256 nameLength = bytes(admission.name).length;
        if (nameLength == 0 || nameLength > _MAX_NAME) revert MemberRegistryInvalidName(nameLength);
        _requireEndpoint(admission.endpoint);

        _ids.push(id);
        _byId[id] = Member(
            admission.sector,
            Status.Active,
            admission.roles,
            admission.account,
            admission.name,
            admission.endpoint,
            uint64(block.number)
        );
        _holdAccount(id, admission.account);
        emit MemberAdmitted(id, admission.sector, admission.roles, admission.account, admission.name, admission.endpoint);
        for (uint256 i = 0; i < admission.keys.length; ++i) {
            KeyInput calldata key = admission.keys[i];
            _addKey(id, key.purpose, key.suite, key.data);
        }
    }

    /// @inheritdoc IMemberRegistry
    function setRoles(MemberId id, uint16 roles) external restricted {
        Member storage found = _byId[id];
        if (found.status == Status.None || found.status == Status.Left) revert MemberRegistryWrongStatus(id, found.status);
        _requireRoles(roles);
        found.roles = roles;
        emit RolesChanged(id, roles);
    }

    /// @inheritdoc IMemberRegistry
    function suspend(MemberId id, bytes32 reason) external restricted {
        _changeStatus(id, Status.Active, Status.Suspended);
        emit MemberSuspended(id, reason);
    }

    /// @inheritdoc IMemberRegistry
    function resume(MemberId id) external restricted {
        _changeStatus(id, Status.Suspended, Status.Active);
        emit MemberResumed(id);
    }

    /// @inheritdoc IMemberRegistry
    function remove(MemberId id) external restricted {
        Status status = _byId[id].status;
        if (status == Status.None || status == Status.Left) revert MemberRegistryWrongStatus(id, status);
        _changeStatus(id, status, Status.Left);
        emit MemberRemoved(id);
    }

    /// @inheritdoc IMemberRegistry
    function setEndpoint(string calldata endpoint) external {
        MemberId id = _activeMember();
        _requireEndpoint(endpoint);
        _byId[id].endpoint = endpoint;
        emit EndpointChanged(id, endpoint);
    }

    /// @inheritdoc IMemberRegistry
    function addKey(KeyPurpose purpose, bytes32 suite, bytes calldata data) external returns (uint256 index) {
        return _addKey(_activeMember(), purpose, suite, data);
    }

    /// @inheritdoc IMemberRegistry
    function retireKey(uint256 index) external {
        MemberId id = _activeMember();
        if (index >= _keys[id].length) revert MemberRegistryUnknownKey(id, index);
        Key storage key = _keys[id][index];
        if (key.untilBlock != 0) revert MemberRegistryKeyAlreadyRetired(id, index);
        key.untilBlock = uint64(block.number);
        emit KeyRetired(id, index, key.untilBlock);
    }

    /// @inheritdoc IMemberRegistry
    function rotateAccount(address next) external {
        MemberId id = _activeMember();
        AccountPeriod[] storage periods = _accounts[id];
        periods[periods.length - 1].untilBlock = uint64(block.number);
        _byId[id].account = next;
        _holdAccount(id, next);
        emit AccountRotated(id, msg.sender, next);
    }

    /// @inheritdoc IMemberRegistry
    function recordFork(MemberId id, bytes32 evidence) external {
        Forks storage forks = _forks[id];
        // One that was replaced too: it alone can judge what was signed for it.
        if (!_hasServed("audit-anchor", msg.sender)) revert MemberRegistryNotAuditAnchor(msg.sender);
        if (forks.count == 0) forks.firstBlock = uint64(block.number);
        ++forks.count;
        emit ForkEvidenced(id, evidence, forks.count);
    }

    /// @inheritdoc IMemberRegistry
    function member(MemberId id) external view returns (Member memory) {
        return _byId[id];
    }

    /// @inheritdoc IMemberRegistry
    function memberIds() external view returns (MemberId[] memory) {
        return _ids;
    }

    /// @inheritdoc IMemberRegistry
    function keysOf(MemberId id) external view returns (Key[] memory) {
        return _keys[id];
    }

    /// @inheritdoc IMemberRegistry
    function accountsOf(MemberId id) external view returns (AccountPeriod[] memory) {
        return _accounts[id];
    }

    /// @inheritdoc IMemberRegistry
    function accountOf(MemberId id) external view returns (address) {
        return _byId[id].account;
    }

    /// @inheritdoc IMemberRegistry
    function holderOf(address account) external view returns (MemberId) {
        return _accountHolder[account];
    }

    /// @inheritdoc IMemberRegistry
    function forksOf(MemberId id) external view returns (Forks memory) {
        return _forks[id];
    }

    /// @inheritdoc IMemberRegistry
    function isActiveWith(MemberId id, uint16 roles) external view returns (bool) {
        return isActive(id) && _byId[id].roles & roles == roles;
    }

    /// @inheritdoc IMemberRegistry
    function memberOf(address account) public view returns (MemberId) {
        MemberId holder = _accountHolder[account];
        return _byId[holder].account == account ? holder : MemberId.wrap(0);
    }

    /// @inheritdoc IMemberRegistry
    function isActive(MemberId id) public view returns (bool) {
        return _byId[id].status == Status.Active;
    }

    function _changeStatus(MemberId id, Status from, Status to) private {
        Member storage found = _byId[id];
        if (found.status != from) revert MemberRegistryWrongStatus(id, found.status);
        found.status = to;
        found.sinceBlock = uint64(block.number);
    }

    function _holdAccount(MemberId id, address account) private {
        if (account == address(0)) revert MemberRegistryInvalidAccount(account);
        MemberId holder = _accountHolder[account];
        if (MemberId.unwrap(holder) != 0) revert MemberRegistryAccountTaken(account, holder);
        _accountHolder[account] = id;
        _accounts[id].push(AccountPeriod(account, uint64(block.number), 0));
    }

    function _addKey(MemberId id, KeyPurpose purpose, bytes32 suite, bytes calldata data) private returns (uint256 index) {
        bytes32 keyHash = keccak256(abi.encode(purpose, suite, data));
        if (!_isKey(purpose, suite, data.length)) revert MemberRegistryInvalidKey(purpose, suite, data.length);
        MemberId holder = _keyHolder[keyHash];
        if (MemberId.unwrap(holder) != 0) revert MemberRegistryKeyTaken(keyHash, holder);

        index = _keys[id].length;
        _keyHolder[keyHash] = id;
        _keys[id].push(Key(purpose, suite, data, uint64(block.number), 0));
        emit KeyAdded(id, index, purpose, suite, data, uint64(block.number));
    }

    function _activeMember() private view returns (MemberId id) {
        id = memberOf(msg.sender);
        if (MemberId.unwrap(id) == 0) revert MemberRegistryUnknownAccount(msg.sender);
        if (!isActive(id)) revert MemberRegistryNotActive(id);
    }

    function _requireRoles(uint16 roles) private pure {
        if (roles == 0 || roles & ~ALL_ROLES != 0) revert MemberRegistryInvalidRoles(roles);
    }

    function _requireEndpoint(string calldata endpoint) private pure {
        if (bytes(endpoint).length > _MAX_ENDPOINT) revert MemberRegistryInvalidEndpoint(bytes(endpoint).length);
    }

    /// @dev The suites known today have 32 bytes; later ones (SM2, ...) only a bound.
    function _isKey(KeyPurpose purpose, bytes32 suite, uint256 length) private pure returns (bool) {
        if (purpose == KeyPurpose.None || !Codes.isName(suite)) return false;
        if (suite == "ed25519" || suite == "x25519" || suite == "sha256-spki") return length == 32;
        return length > 0 && length <= _MAX_KEY;
    }
}
