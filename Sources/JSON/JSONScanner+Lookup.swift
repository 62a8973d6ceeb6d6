extension JSONScanner {
    /// Validates the whole document and, in the same pass, finds what stands at a path, without allocating.
    ///
    /// Of several members with one name the last counts, as in JavaScript. Throws if the document is not valid, wherever
    /// the fault is.
    package static func find(
        _ path: JSONPath, in bytes: UnsafeRawBufferPointer, loneSurrogates: LoneSurrogates = .replaced
    ) throws(JSONError) -> JSONLookup {
        var search = JSONPathSearch(path: path, scanner: JSONScanner(bytes, loneSurrogates: loneSurrogates))
        return try search.run()
    }

    /// Throws where the bytes are not one JSON document.
    package static func validate(
        _ bytes: UnsafeRawBufferPointer, loneSurrogates: LoneSurrogates = .replaced
    ) throws(JSONError) {
        var scanner = JSONScanner(bytes, loneSurrogates: loneSurrogates)
        while try scanner.next() != nil {}
    }
}

/// Walks a document with only the containers on the path open, so that the scanner's depth is the number of steps taken;
/// every other value is skipped whole.
private struct JSONPathSearch {
    let path: JSONPath
    var scanner: JSONScanner
    var result = JSONLookup.missing(step: 0, parent: .null)
    /// Elements before the wanted one of the innermost open array; negative behind it. The arrays around that one are
    /// always past theirs.
    var elementsToGo = -1

    mutating func run() throws(JSONError) -> JSONLookup {
        var steps = 0
        while let token = try scanner.next() {
            switch token.kind {
            case .endObject, .endArray: elementsToGo = -1
            case .key:
                let isWanted =
                    if case .key(let name) = path[steps - 1] { scanner.string(token, equals: name) } else { false }
                if let value = try scanner.next() { try visit(value, isOnPath: isWanted, steps: steps) }
            default:
                let isWanted = steps == 0 || elementsToGo == 0
                elementsToGo -= 1
                try visit(token, isOnPath: isWanted, steps: steps)
            }
            steps = scanner.depth
        }
        return result
    }

    /// Opens or skips a value that `steps` steps of the path lead to, if it is on the path at all.
    private mutating func visit(_ token: JSONToken, isOnPath: Bool, steps: Int) throws(JSONError) {
        guard isOnPath else {
            try scanner.skip(restOf: token)
            return
        }
        guard steps < path.count else {
            result = .found(try scanner.skip(restOf: token))
            return
        }
        // A member of the same name that came before is forgotten here.
        result = .missing(step: steps, parent: token.kind)
        switch (token.kind, path[steps]) {
        case (.beginObject, .key): break
        case (.beginArray, .index(let index)): elementsToGo = index
        default: try scanner.skip(restOf: token)
        }
    }
}
