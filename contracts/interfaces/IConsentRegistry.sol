// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ConsentId, DatasetId, MemberId} from "./Types.sol";

/// @title Consents of the subjects
/// @notice Only the signature of a consent's key gives, narrows or withdraws it; anyone may relay. Nothing makes a withdrawn consent
/// live again, and withdrawing is never paused.
/// @dev EIP-712 domain: name `Xinshu Consent`, version `1`, this chain, this contract. Signatures by ECDSA, or EIP-1271 for contract accounts.
/// `DatasetScope(string dataset,string[] fields)`
/// `Consent(bytes32 subject,address key,string grantee,DatasetScope[] scopes,string purpose,string[] operations,uint64 notBefore,uint64 notAfter,uint32 maxUses,bytes32 renews,uint256 nonce,uint64 deadline)`
/// `Amendment(bytes32 consent,uint32 revision,DatasetScope[] scopes,string[] operations,uint64 notAfter,uint32 maxUses,uint64 deadline)`
/// `Withdrawal(bytes32 consent)`
/// Warning: contract accounts (EIP-1271) are linkable from consent to consent, and what their code accepts may change.
interface IConsentRegistry {
    /// `Barred`: never given, and withdrawn by the key in advance; see `stateFor`.
    enum ConsentState {
        None,
        Live,
        NotYet,
        Expired,
        Withdrawn,
        Renewed,
        Barred
    }

    struct DatasetScope {
        string dataset;
        string[] fields;
    }

    /// @notice What the subject's key signs.
    /// @param subject salted Poseidon commitment, a nonzero BN254 scalar
    /// @param operations words of `raw`, `score`, `verify`, `sandbox`
    /// @param maxUses most uses of each dataset, counted by its provider
    /// @param renews id of the consent that this one replaces, or 0
    /// @param nonce unused by this key before, in any order
    /// @param deadline last second it may be relayed
    struct Consent {
        bytes32 subject;
        address key;
        string grantee;
        DatasetScope[] scopes;
        string purpose;
        string[] operations;
        uint64 notBefore;
        uint64 notAfter;
        uint32 maxUses;
        bytes32 renews;
        uint256 nonce;
        uint64 deadline;
    }

    /// @param revision one more than the consent's
    struct Amendment {
        bytes32 consent;
        uint32 revision;
        DatasetScope[] scopes;
        string[] operations;
        uint64 notAfter;
        uint32 maxUses;
        uint64 deadline;
    }

    struct ConsentScope {
        DatasetId dataset;
        bytes32[] fields;
    }

    /// @notice What is kept of a consent.
    /// @param operations bit mask
    /// @param revision 0, and one more at each amendment
    struct ConsentRecord {
        bytes32 subject;
        address key;
        MemberId grantee;
        ConsentScope[] scopes;
        bytes32 purpose;
        uint16 operations;
        uint64 notBefore;
        uint64 notAfter;
        uint32 maxUses;
        uint32 revision;
        ConsentState state;
        ConsentId renews;
        ConsentId renewedBy;
        uint64 givenBlock;
    }

    event ConsentGiven(
        ConsentId indexed id,
        bytes32 subject,
        address indexed key,
        MemberId indexed grantee,
        ConsentScope[] scopes,
        bytes32 purpose,
        uint16 operations,
        uint64 notBefore,
        uint64 notAfter,
        uint32 maxUses,
        ConsentId renews
    );
    event ConsentAmended(ConsentId indexed id, uint32 revision, ConsentScope[] scopes, uint16 operations, uint64 notAfter, uint32 maxUses);
    event ConsentRenewed(ConsentId indexed id, ConsentId indexed by);
    event ConsentWithdrawn(ConsentId indexed id, address indexed key);
    event ConsentBarred(ConsentId indexed id, address indexed key);
    event CredentialRevoked(MemberId indexed issuer, bytes32 indexed credential);

    error ConsentRegistryInvalidSubject(bytes32 subject);
    error ConsentRegistryInvalidCode(string code);
    error ConsentRegistryInvalidOperation(string operation);
    error ConsentRegistryInvalidScopes(uint256 count);
    error ConsentRegistryInvalidFields(DatasetId dataset, uint256 count);
    error ConsentRegistryInvalidOperations(uint256 count);
    error ConsentRegistryDuplicate(bytes32 code);
    error ConsentRegistryInvalidValidity(uint64 notBefore, uint64 notAfter);
    error ConsentRegistryInvalidUses();
    error ConsentRegistryDeadlinePassed(uint64 deadline, uint64 timestamp);
    error ConsentRegistryInvalidSignature(ConsentId id, address key);
    error ConsentRegistryNonceUsed(address key, uint256 nonce);
    error ConsentRegistryBarred(ConsentId id, address key);
    error ConsentRegistryUnknownDataset(DatasetId dataset);
    error ConsentRegistryDatasetRetired(DatasetId dataset);
    error ConsentRegistryUnknownField(DatasetId dataset, bytes32 field);
    error ConsentRegistryUnknown(ConsentId id);
    /// An amendment or renewal of a consent in a state that does not allow it.
    error ConsentRegistryWrongState(ConsentId id, ConsentState state);
    error ConsentRegistryWrongKey(ConsentId id, address key);
    error ConsentRegistryWrongRevision(ConsentId id, uint32 expected, uint32 given);
    error ConsentRegistryNotNarrower(ConsentId id);
    error ConsentRegistryAlreadyWithdrawn(ConsentId id);
    error ConsentRegistryInvalidCredential();
    error ConsentRegistryCredentialAlreadyRevoked(MemberId issuer, bytes32 credential);

    /// @notice Records a consent. By anyone with the signature of `consent_.key`; not while paused.
    /// @return id the EIP-712 digest
    function give(Consent calldata consent_, bytes calldata signature) external returns (ConsentId id);

    /// @notice Narrows a consent that is live or not yet begun. By anyone with the key's signature; not while paused.
    /// Counts of uses go on.
    function amend(Amendment calldata amendment, bytes calldata signature) external;

    /// @notice Withdraws a consent for ever; one not recorded yet is barred, for this key. By anyone with the key's
    /// signature over `Withdrawal(id)`. Never paused.
    function withdraw(ConsentId id, address key, bytes calldata signature) external;

    /// @notice Revokes a credential of the caller, a member with the role ISSUER whatever its status. Never paused.
    function revokeCredential(bytes32 credential) external;

    /// @notice The consent with its state at this block's time; all zero if unknown.
    function consent(ConsentId id) external view returns (ConsentRecord memory);

    /// @notice The state at this block's time.
    function stateOf(ConsentId id) external view returns (ConsentState);

    /// @notice The state at this block's time, or `Barred` if the key withdrew the id before it was given.
    function stateFor(ConsentId id, address key) external view returns (ConsentState);

    function isBarred(ConsentId id, address key) external view returns (bool);

    function isNonceUsed(address key, uint256 nonce) external view returns (bool);

    /// @notice The block in which the issuer revoked the credential; 0 if it did not.
    function credentialRevoked(MemberId issuer, bytes32 credential) external view returns (uint64);

    function hashConsent(Consent calldata consent_) external view returns (ConsentId);

    function hashAmendment(Amendment calldata amendment) external view returns (bytes32);

    function hashWithdrawal(ConsentId id) external view returns (bytes32);
}
