// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Elements of the BN254 scalar field, which circuits compute in
library Scalars {
    /// @dev Order of the field.
    uint256 internal constant FIELD = 21888242871839275222246405745257275088548364400416034343698204186575808495617;

    function isNonzero(bytes32 value) internal pure returns (bool) {
        return value != 0 && uint256(value) < FIELD;
    }
}
