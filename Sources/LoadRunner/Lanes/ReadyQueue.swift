/// The users on one loop whose next turn comes at the end of the pass, by the words of `UserAddress`.
final class ReadyQueue {
    var words: [UInt64] = []
}
