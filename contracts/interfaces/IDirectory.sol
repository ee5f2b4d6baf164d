// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Which contract serves which name, and the parameters all members keep to
/// @notice Names: `member-registry`, `data-catalog`, `grant-registry`, `consent-registry`, `audit-anchor`, `council`,
/// `access-manager`, `emergency-pause`. Parameters: `max-block-age` (seconds), `max-anchor-lag` (seconds),
/// `model-approval` (0 council, 1 providers), `min-contributors`, `max-leak-ppm`, `refuse-forked` (1: gateways refuse members that
/// forked their log; 0: they don't).
/// @dev Warning: a replaced contract stays callable and readable. What was recorded there can still be withdrawn there.
interface IDirectory {
    struct Parameter {
        uint256 value;
        uint64 effectiveFrom;
    }

    /// @param version from 1, one more at each replacement
    event ContractSet(bytes32 indexed name, uint32 version, address target);
    event ParameterSet(bytes32 indexed name, uint256 value, uint64 effectiveFrom);

    error DirectoryInvalidName(bytes32 name);
    error DirectoryNotAContract(bytes32 name, address target);
    error DirectoryUnknownName(bytes32 name);
    error DirectoryUnknownParameter(bytes32 name);
    /// A parameter takes effect now or later, never for a time that decisions were already made for.
    error DirectoryRetroactive(bytes32 name, uint64 effectiveFrom, uint64 timestamp);

    /// @notice Makes `target` the current contract of `name`. Restricted.
    function set(bytes32 name, address target) external;

    /// @notice Appends a value that rules from `effectiveFrom` on; 0 means from this block's time. Restricted.
    function setParameter(bytes32 name, uint256 value, uint64 effectiveFrom) external;

    /// @notice The current contract of `name`; reverts `DirectoryUnknownName` if there is none.
    function contractOf(bytes32 name) external view returns (address);

    /// @notice All contracts that served `name`, the oldest first.
    function versionsOf(bytes32 name) external view returns (address[] memory);

    /// @notice The value in effect at this block's time; reverts `DirectoryUnknownParameter` if there is none.
    function parameter(bytes32 name) external view returns (uint256);

    /// @notice The value in effect at `time` (unix seconds): the latest `effectiveFrom` not after it, of equals the last set.
    function parameterAt(bytes32 name, uint64 time) external view returns (uint256);

    /// @notice All values of a parameter in the order they were set.
    function parameterHistory(bytes32 name) external view returns (Parameter[] memory);
}
