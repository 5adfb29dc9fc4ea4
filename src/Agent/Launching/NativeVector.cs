using System.Runtime.InteropServices;
using System.Text;

namespace OpsAgent.Agent.Launching;

/// <summary>Strings as C has them: pointers to UTF-8 texts ending in NUL, and a null pointer after the last; in one block.</summary>
internal readonly unsafe ref struct NativeVector : IDisposable
{
    private readonly byte** _pointers;

    public NativeVector(IReadOnlyList<string> texts)
    {
        var bytes = 0;
        for (var i = 0; i < texts.Count; i++)
        {
            bytes += Encoding.UTF8.GetByteCount(texts[i]) + 1;
        }

        var head = (texts.Count + 1) * sizeof(byte*);
        _pointers = (byte**)NativeMemory.Alloc((nuint)(head + bytes));
        var next = (byte*)_pointers + head;
        for (var i = 0; i < texts.Count; i++)
        {
            _pointers[i] = next;
            next += Encoding.UTF8.GetBytes(texts[i], new Span<byte>(next, bytes));
            *next++ = 0;
        }

        _pointers[texts.Count] = null;
    }

    /// <summary>The array that C is given.</summary>
    public byte** Pointers => _pointers;

    /// <summary>One text of it.</summary>
    public byte* this[int index] => _pointers[index];

    /// <inheritdoc/>
    public void Dispose() => NativeMemory.Free(_pointers);
}
