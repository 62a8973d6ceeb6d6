extension ExpressionCode {
    func value(
        of fact: Fact, at index: Node.Index, in context: borrowing EvaluationContext
    ) throws(EvaluationError) -> Value {
        switch fact {
        case .vuID: return .int(context.vuID)
        case .vuIteration: return .int(context.vuIteration)
        case .runIteration: return .int(context.runIteration)
        case .runID: return .string(context.run.runID)
        case .scenario: return .string(context.run.scenario)
        case .serverURL: return .string(try present(context.run.serverURL, "server", at: index))
        case .responseStatus: return .int(try present(context.response, "response", at: index).status)
        case .responseHeaders: return .map(try present(context.response, "response", at: index).headerMap)
        case .responseSubprotocol: return .string(try present(context.response, "response", at: index).subprotocol)
        case .responseBody:
            return .string(String(decoding: try present(context.response, "response", at: index).body, as: UTF8.self))
        case .messageData, .messageText, .messageBytes, .messageJSON, .messageSize, .messageBinary:
            return try messageValue(of: fact, at: index, in: context)
        case .errorKind: return .string(try present(context.error, "error", at: index).kind.rawValue)
        case .errorMessage: return .string(try present(context.error, "error", at: index).message)
        case .closeCode: return .int(try present(context.close, "close", at: index).code)
        case .closeReason: return .string(try present(context.close, "close", at: index).reason)
        case .closeBy: return .string(try present(context.close, "close", at: index).by.rawValue)
        }
    }

    private func present<Wrapped>(
        _ value: Wrapped?, _ name: String, at index: Node.Index
    ) throws(EvaluationError) -> Wrapped {
        guard let value else { throw error(.absent(name), at: index) }
        return value
    }
}
