import Diagnostics

extension Diagnostic {
    static func emptyDocument(at offset: Int) -> Diagnostic {
        Diagnostic(
            .emptyDocument, Message("there is no plan in this file"), at: SourceSpan(offset..<offset),
            help: "a plan needs at least 'url:' and a handler, such as 'on_open:'")
    }
}

extension Diagnostic {
    /// The last word about a document with so many problems that the rest of it was not read.
    static func tooManyProblems(before offset: Int) -> Diagnostic {
        Diagnostic(
            .tooManyProblems, Message("what follows was not read: there are too many problems above"),
            at: SourceSpan(offset..<offset), help: "mend those, then the rest can be judged")
    }
}

extension Diagnostic.Message {
    static var tooManyNodes: Self {
        Self("the document has more than \(PlanDocument.maximumNodeCount) values, aliases carried out")
    }

    static var tooDeep: Self {
        Self("more than \(PlanDocument.maximumDepth) lists and mappings stand within each other here")
    }
}

extension SourceFile {
    /// The span of the character at a byte offset; at the end of a line or of the file an empty one.
    func characterSpan(at offset: Int) -> SourceSpan {
        guard offset < bytes.count, bytes[offset] != UInt8(ascii: "\n"), bytes[offset] != UInt8(ascii: "\r") else {
            return SourceSpan(min(offset, bytes.count)..<min(offset, bytes.count))
        }
        var end = offset + 1
        while end < bytes.count, bytes[end] & 0b1100_0000 == 0b1000_0000 { end += 1 }
        return SourceSpan(offset..<end)
    }
}
