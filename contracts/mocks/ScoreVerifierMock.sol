// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IScoreVerifier} from "../interfaces/IScoreVerifier.sol";

/// @title A verifier for tests that shows what it is asked: a proof holds if its first number is the hash of the public inputs
contract ScoreVerifierMock is IScoreVerifier {
    function verifyProof(
        uint256[2] calldata a,
        uint256[2][2] calldata,
        uint256[2] calldata,
        uint256[6] calldata publicInputs
    ) external pure returns (bool) {
        return a[0] == uint256(keccak256(abi.encode(publicInputs)));
    }
}
