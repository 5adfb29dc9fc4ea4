namespace OpsAgent.Tests.DummyDoer;

/// <summary>Commands that print.</summary>
internal static class Output
{
    public static int Usage()
    {
        Console.Error.WriteLine("ERROR: dummy-doer COMMAND ARGUMENTS...; Program.cs lists the commands");
        return 2;
    }

    public static int Echo(string[] words)
    {
        foreach (var word in words)
        {
            Console.Out.WriteLine(word);
        }

        return 0;
    }

    public static int Stderr(int code, string[] lines)
    {
        foreach (var line in lines)
        {
            Console.Error.WriteLine(line);
        }

        return code;
    }

    /// <summary>Prints so many bytes, as lines of 80 or as one.</summary>
    public static int Generate(long bytes, string stream, string shape)
    {
        var block = new byte[80 * 1024];
        Array.Fill(block, (byte)'x');
        for (var i = 79; shape == "line" && i < block.Length; i += 80)
        {
            block[i] = (byte)'\n';
        }

        using var output = Open(stream);
        while (bytes > 0)
        {
            var count = (int)Math.Min(bytes, block.Length);
            output.Write(block, 0, count);
            bytes -= count;
        }

        return 0;
    }

    public static int Raw(string stream, string base64)
    {
        using var output = Open(stream);
        output.Write(Convert.FromBase64String(base64));
        return 0;
    }

    private static Stream Open(string stream) =>
        stream == "stderr" ? Console.OpenStandardError() : Console.OpenStandardOutput();
}
