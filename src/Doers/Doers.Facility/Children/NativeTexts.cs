using System.Runtime.InteropServices;
using System.Text;

namespace OpsAgent.Doers.Facility.Children;

/// <summary>Strings as C has them: pointers to UTF-8 texts ending in NUL, and a null pointer after the last.</summary>
internal readonly unsafe ref struct NativeTexts : IDisposable
{
    private readonly byte** _pointers;

    public NativeTexts(IReadOnlyList<string> texts)
    {
        var head = (texts.Count + 1) * sizeof(byte*);
        var bytes = texts.Sum(text => Encoding.UTF8.GetByteCount(text) + 1);
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

    public byte** Pointers => _pointers;

    public byte* this[int index] => _pointers[index];

    public void Dispose() => NativeMemory.Free(_pointers);
}
