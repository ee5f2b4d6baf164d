// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IScoreRegistry} from "../interfaces/IScoreRegistry.sol";
import {SessionId} from "../interfaces/Types.sol";

/// @title EIP-712 struct hashes of a scoring session and of a provider's commitment in it
library SessionMessage {
    bytes private constant _CONTRIBUTION = "Contribution(bytes32 dataset,uint32 version,bytes32 grant,bytes32 root)";
    bytes private constant _SESSION =
        "Session(bytes32 suite,address verifier,bytes32 verificationKey,bytes32 consumer,bytes32 oneTimeKey,bytes32 subject,bytes32 authorization,bytes32 model,uint32 modelVersion,Contribution[] contributions,uint64 epoch,uint64 blockNumber,bytes32 blockHash,bytes32 nonce)";
    bytes32 private constant _COMMITMENT_TYPEHASH = keccak256("PartCommitment(bytes32 session,uint256 x,uint256 y)");

    function hash(IScoreRegistry.Session calldata session) internal pure returns (bytes32) {
        bytes memory head = abi.encode(
            keccak256(bytes.concat(_SESSION, _CONTRIBUTION)),
            session.suite,
            session.verifier,
            session.verificationKey,
            session.consumer,
            session.oneTimeKey,
            session.subject
        );
        bytes memory tail = abi.encode(
            session.authorization,
            session.model,
            session.modelVersion,
            _hashContributions(session.contributions),
            session.epoch,
            session.blockNumber,
            session.blockHash,
            session.nonce
        );
        return keccak256(bytes.concat(head, tail));
    }

    function hashCommitment(SessionId id, IScoreRegistry.Point calldata commitment) internal pure returns (bytes32) {
        return keccak256(abi.encode(_COMMITMENT_TYPEHASH, id, commitment));
    }

    function _hashContributions(IScoreRegistry.Contribution[] calldata contributions) private pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](contributions.length);
        for (uint256 i = 0; i < contributions.length; ++i) {
            hashes[i] = keccak256(abi.encode(keccak256(_CONTRIBUTION), contributions[i]));
        }
        return keccak256(abi.encodePacked(hashes));
    }
}
