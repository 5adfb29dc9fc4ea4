using OpsAgent.Capabilities.Fields;
using OpsAgent.Capabilities.Templates;

namespace OpsAgent.Capabilities;

/// <summary>
/// The place of a marker file beneath <c>SWF_TMP_DIR</c>. Every variable in it is one safe path segment or part of one (an
/// id, a file name, a hash), and always there: the reader refuses anything else.
/// </summary>
public sealed class MarkerPath
{
    private readonly Template _relative;

    internal MarkerPath(string source, Template relative)
    {
        Source = source;
        _relative = relative;
    }

    /// <summary>What the manifest says, <c>{tmp}</c> included.</summary>
    public string Source { get; }

    /// <summary>The path relative to <c>SWF_TMP_DIR</c>; null if a field that it names is not valid.</summary>
    internal string? Render(FieldValues values) => _relative.IsRenderable(values) ? _relative.Render(values.Text) : null;
}
