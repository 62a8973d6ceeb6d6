import Diagnostics
import EventProgram
import PlanModel
import WebSocketCodec

extension Plan {
    /// Reads the files that steps send from the plan's folder, each once, and says at each such step why its file cannot be
    /// sent.
    mutating func readFiles(from folder: PlanFolder) -> [Diagnostic] {
        var wanted: [(path: Located<String>, kind: Send.MessageKind)] = []
        walk { step in
            if case .send(let send) = step.kind, case .file(let path?, let kind) = send.payload {
                wanted.append((path, kind))
            }
        }
        var problems: [String: PlanFolder.Problem] = [:]
        return wanted.compactMap { path, kind in
            if files[path.value] == nil, problems[path.value] == nil {
                do throws(PlanFolder.Problem) {
                    // More than this no event can send.
                    files[path.value] = try folder.read(path.value, limit: Effects.byteLimit)
                } catch {
                    problems[path.value] = error
                }
            }
            guard let problem = problems[path.value] ?? (kind == .text ? problemAsText(path.value) : nil) else {
                return nil
            }
            return Diagnostic(
                .unusableFile, .unusable(path.value, problem.reason), at: path.span, help: problem.help)
        }
    }

    private func problemAsText(_ path: String) -> PlanFolder.Problem? {
        guard let bytes = files[path] else { return nil }
        var validator = UTF8Validator()
        let offset = bytes.withUnsafeBytes { validator.firstInvalidByte(in: $0) }
        guard offset != nil || !validator.isComplete else { return nil }
        return PlanFolder.Problem(
            reason: "is not UTF-8, which text has to be (byte \((offset ?? bytes.count) + 1))",
            help: "leave out 'as: text' to send it as a binary message")
    }
}

extension Diagnostic.Message {
    fileprivate static func unusable(_ path: String, _ reason: String) -> Self { Self("'\(path)' \(reason)") }
}
