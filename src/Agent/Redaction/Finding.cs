namespace OpsAgent.Agent.Redaction;

/// <summary>A credential in a line.</summary>
/// <param name="Context">Where what it was known by begins, such as <c>password=</c>.</param>
/// <param name="From">Where it begins itself.</param>
/// <param name="To">Where it ends, exclusive.</param>
/// <param name="ToLineEnd">True if it goes on to the line's end, wherever that is.</param>
/// <param name="OpensKey">True if it is the beginning of a private key whose end is in a later line.</param>
internal readonly record struct Finding(int Context, int From, int To, bool ToLineEnd = false, bool OpensKey = false);
