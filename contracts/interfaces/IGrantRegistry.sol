// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DatasetId, GrantId, MemberId, RequestId} from "./Types.sol";

/// @title Access requests and grants between institutions
/// @notice The consumer asks; only the provider, the owner of the dataset, grants, amends and revokes.
/// Revoking works always: while paused, and for a suspended provider.
/// @dev Warning: a live grant is not an authorization. The subject's consent or a legal basis is needed besides it, and uses are
/// counted by the provider, not here.
interface IGrantRegistry {
    enum RequestState {
        None,
        Open,
        Granted,
        Declined,
        Cancelled
    }

    enum GrantState {
        None,
        Live,
        Revoked
    }

    /// @param notBefore first second of validity
    /// @param notAfter first second no longer valid
    /// @param quota most uses; 0 is unlimited
    struct Scope {
        bytes32[] fields;
        bytes32[] purposes;
        uint16 operations;
        uint64 notBefore;
        uint64 notAfter;
        uint32 quota;
    }

    struct Request {
        DatasetId dataset;
        MemberId consumer;
        Scope scope;
        RequestState state;
        GrantId grant;
    }

    /// @param version 1, and one more at each amendment
    struct Grant {
        DatasetId dataset;
        MemberId provider;
        MemberId consumer;
        Scope scope;
        uint256 priceFen;
        bytes32 termsHash;
        uint32 version;
        GrantState state;
    }

    event AccessRequested(RequestId indexed id, DatasetId indexed dataset, MemberId indexed consumer, Scope scope);
    event AccessDeclined(RequestId indexed id, bytes32 reason);
    event AccessCancelled(RequestId indexed id);
    event Granted(
        GrantId indexed id,
        RequestId indexed requestId,
        DatasetId indexed dataset,
        MemberId provider,
        MemberId consumer,
        Scope scope,
        uint256 priceFen,
        bytes32 termsHash,
        bool byPolicy
    );
    event GrantAmended(GrantId indexed id, uint32 version, Scope scope, uint256 priceFen, bytes32 termsHash);
    event GrantRevoked(GrantId indexed id, bytes32 reason);

    error GrantRegistryUnknownDataset(DatasetId dataset);
    error GrantRegistryDatasetRetired(DatasetId dataset);
    error GrantRegistryWithheld(DatasetId dataset);
    error GrantRegistryOwnDataset(DatasetId dataset, MemberId owner);
    error GrantRegistryInvalidFields(uint256 count);
    error GrantRegistryInvalidPurposes(uint256 count);
    error GrantRegistryInvalidCode(bytes32 code);
    error GrantRegistryDuplicate(bytes32 code);
    error GrantRegistryUnknownField(DatasetId dataset, bytes32 field);
    error GrantRegistryInvalidOperations(uint16 operations, uint16 offered);
    error GrantRegistryInvalidValidity(uint64 notBefore, uint64 notAfter);
    error GrantRegistryUnknownRequest(RequestId id);
    error GrantRegistryRequestNotOpen(RequestId id, RequestState state);
    error GrantRegistryBeyondRequest(RequestId id);
    error GrantRegistryUnknownGrant(GrantId id);
    error GrantRegistryRevoked(GrantId id);
    error GrantRegistryNotProvider(DatasetId dataset, MemberId caller);
    error GrantRegistryNotConsumer(RequestId id, MemberId caller);

    /// @notice Asks for access. By an active consumer, not the owner. Granted at once if the dataset's policy covers it: then the
    /// price and terms are the catalog's, and the quota the smaller of the policy's and the asked one.
    /// @return id of the request
    /// @return granted the grant if the policy made one, else 0
    function request(DatasetId dataset, Scope calldata scope) external returns (RequestId id, GrantId granted);

    /// @notice Grants an open request, within what it asks. By the active provider.
    function approve(RequestId id, Scope calldata scope, uint256 priceFen, bytes32 termsHash) external returns (GrantId granted);

    /// @notice Declines an open request. By the active provider; works while paused.
    function decline(RequestId id, bytes32 reason) external;

    /// @notice Takes an open request back. By its consumer, whatever its status; works while paused.
    function cancel(RequestId id) external;

    /// @notice Replaces scope, price and terms of a grant not revoked. By the active provider.
    function amend(GrantId id, Scope calldata scope, uint256 priceFen, bytes32 termsHash) external;

    /// @notice Ends a grant for good. By the provider, whatever its status; never paused.
    function revoke(GrantId id, bytes32 reason) external;

    /// @notice The request; all zero if unknown.
    function accessRequest(RequestId id) external view returns (Request memory);

    /// @notice The grant; all zero if unknown.
    function grant(GrantId id) external view returns (Grant memory);

    /// @notice Whether the grant is not revoked, within its time, both members active and the dataset not retired.
    function isLive(GrantId id) external view returns (bool);

    /// @notice All grants ever made to a consumer on a dataset, the oldest first.
    function grantsOf(DatasetId dataset, MemberId consumer) external view returns (GrantId[] memory);
}
