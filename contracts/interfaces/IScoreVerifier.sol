// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What the generated Groth16 verifier of the scorecard circuit answers
/// @dev docs/protocol/circuit.md fixes the order of the public inputs.
interface IScoreVerifier {
    /// @notice Whether the proof holds for these public inputs; false, never a revert, for values out of the field.
    function verifyProof(
        uint256[2] calldata a,
        uint256[2][2] calldata b,
        uint256[2] calldata c,
        uint256[6] calldata publicInputs
    ) external view returns (bool);
}
