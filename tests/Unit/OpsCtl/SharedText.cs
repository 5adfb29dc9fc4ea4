using System.Text;

namespace OpsAgent.Tests.Unit.OpsCtl;

/// <summary>Text that one thread writes while another reads.</summary>
internal sealed class SharedText : TextWriter
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();

    public SharedText() => NewLine = "\n";

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        lock (_gate)
        {
            _text.Append(value);
        }
    }

    public override void Write(char[] buffer, int index, int count)
    {
        lock (_gate)
        {
            _text.Append(buffer, index, count);
        }
    }

    public override void Write(string? value)
    {
        lock (_gate)
        {
            _text.Append(value);
        }
    }

    public override void WriteLine(string? value) => Write(value + '\n');

    public override string ToString()
    {
        lock (_gate)
        {
            return _text.ToString();
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _text.Clear();
        }
    }
}
