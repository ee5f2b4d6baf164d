// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {KeyPurpose, MemberId, Sector, Status} from "./Types.sol";

/// @title Members, their roles, accounts, keys and endpoints
/// @notice Admission, roles and status are the council's; account, keys and endpoint are the member's own.
/// Keys and accounts are never forgotten: each has the blocks it was valid in. A suspended member can do nothing here.
/// A member that showed two histories of its audit log is marked for ever ({IForkJudge}); what follows is the gateways' policy.
interface IMemberRegistry {
    struct KeyInput {
        KeyPurpose purpose;
        bytes32 suite;
        bytes data;
    }

    struct Admission {
        Sector sector;
        uint16 roles;
        address account;
        string name;
        string endpoint;
        KeyInput[] keys;
    }

    /// @param sinceBlock block of the last change of status
    struct Member {
        Sector sector;
        Status status;
        uint16 roles;
        address account;
        string name;
        string endpoint;
        uint64 sinceBlock;
    }

    /// @param suite `ed25519`, `x25519`, `sha256-spki`, or a later one
    /// @param fromBlock first block it is valid in
    /// @param untilBlock first block it is no longer valid in; 0 while open
    struct Key {
        KeyPurpose purpose;
        bytes32 suite;
        bytes data;
        uint64 fromBlock;
        uint64 untilBlock;
    }

    struct AccountPeriod {
        address account;
        uint64 fromBlock;
        uint64 untilBlock;
    }

    /// @param count different contradictions recorded
    /// @param firstBlock block of the first; 0 if there is none
    struct Forks {
        uint32 count;
        uint64 firstBlock;
    }

    event MemberAdmitted(MemberId indexed id, Sector sector, uint16 roles, address account, string name, string endpoint);
    event MemberSuspended(MemberId indexed id, bytes32 reason);
    event MemberResumed(MemberId indexed id);
    event MemberRemoved(MemberId indexed id);
    event RolesChanged(MemberId indexed id, uint16 roles);
    event EndpointChanged(MemberId indexed id, string endpoint);
    event AccountRotated(MemberId indexed id, address from, address to);
    event KeyAdded(MemberId indexed id, uint256 index, KeyPurpose purpose, bytes32 suite, bytes data, uint64 fromBlock);
    event KeyRetired(MemberId indexed id, uint256 index, uint64 untilBlock);

    /// @param evidence id in the contract that judged it
    event ForkEvidenced(MemberId indexed id, bytes32 indexed evidence, uint32 count);

    error MemberRegistryInvalidCode(bytes32 code);
    error MemberRegistryInvalidSector();
    error MemberRegistryInvalidRoles(uint16 roles);
    error MemberRegistryInvalidAccount(address account);
    error MemberRegistryInvalidName(uint256 length);
    error MemberRegistryInvalidEndpoint(uint256 length);
    error MemberRegistryInvalidKey(KeyPurpose purpose, bytes32 suite, uint256 length);
    error MemberRegistryExists(MemberId id);
    /// An account serves one member, and never again once it was given up.
    error MemberRegistryAccountTaken(address account, MemberId holder);
    /// A key serves one member and purpose, and never again once it was retired.
    error MemberRegistryKeyTaken(bytes32 keyHash, MemberId holder);
    error MemberRegistryUnknownKey(MemberId id, uint256 index);
    error MemberRegistryKeyAlreadyRetired(MemberId id, uint256 index);
    error MemberRegistryNotAuditAnchor(address caller);
    error MemberRegistryWrongStatus(MemberId id, Status status);
    /// Also what the other contracts revert with when the caller is nobody's current account.
    error MemberRegistryUnknownAccount(address account);
    /// Also what the other contracts revert with.
    error MemberRegistryNotActive(MemberId id);
    /// Also what the other contracts revert with. `role` is the mask that was needed.
    error MemberRegistryMissingRole(MemberId id, uint16 role);

    /// @notice Admits a member, active from this block. Restricted; not while paused.
    function admit(MemberId id, Admission calldata admission) external;

    /// @notice Replaces the roles of a member that has not left. Restricted.
    function setRoles(MemberId id, uint16 roles) external;

    /// @notice Suspends an active member, effective at this block everywhere. Restricted, never paused.
    function suspend(MemberId id, bytes32 reason) external;

    /// @notice Makes a suspended member active again. Restricted.
    function resume(MemberId id) external;

    /// @notice Removes a member for good; its history stays. Restricted.
    function remove(MemberId id) external;

    /// @notice Sets the endpoint of the caller's gateway; empty if it has none.
    function setEndpoint(string calldata endpoint) external;

    /// @notice Adds a key, valid from this block. Several of one purpose may be open at once, so that keys can be rolled.
    /// @return index position in `keysOf`
    function addKey(KeyPurpose purpose, bytes32 suite, bytes calldata data) external returns (uint256 index);

    /// @notice Ends a key of the caller; from this block on it is not valid.
    function retireKey(uint256 index) external;

    /// @notice Hands the caller's membership to another account.
    /// @dev Warning: nobody proves to hold `next`. A wrong address locks the member out.
    function rotateAccount(address next) external;

    /// @notice Marks a member that forked its log. Only by a contract that the Directory names, or once named, `audit-anchor`.
    /// Never paused, whatever the member's status.
    function recordFork(MemberId id, bytes32 evidence) external;

    /// @notice The member; all zero if unknown.
    function member(MemberId id) external view returns (Member memory);

    function memberIds() external view returns (MemberId[] memory);

    function keysOf(MemberId id) external view returns (Key[] memory);

    function accountsOf(MemberId id) external view returns (AccountPeriod[] memory);

    /// @notice The member's current account; 0 if the member is unknown.
    function accountOf(MemberId id) external view returns (address);

    /// @notice Whose account this is or once was; 0 if nobody's ever. No account serves a second member.
    function holderOf(address account) external view returns (MemberId);

    /// @notice What is recorded against the member.
    function forksOf(MemberId id) external view returns (Forks memory);

    /// @notice Whose current account this is, whatever the member's status; 0 if nobody's.
    function memberOf(address account) external view returns (MemberId);

    function isActive(MemberId id) external view returns (bool);

    /// @notice Whether the member is active and has all roles of the mask.
    function isActiveWith(MemberId id, uint16 roles) external view returns (bool);
}
