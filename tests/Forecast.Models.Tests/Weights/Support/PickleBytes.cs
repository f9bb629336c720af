using System.Buffers.Binary;
using System.Text;

namespace Forecast.Models.Tests.Weights.Support;

/// <summary>Writes pickles instruction by instruction, as an attacker would.</summary>
internal sealed class PickleBytes
{
    private readonly MemoryStream _bytes = new();

    public PickleBytes(int protocol = 2) => Raw(0x80, (byte)protocol);

    public static byte[] Of(Action<PickleBytes> body)
    {
        var pickle = new PickleBytes();
        body(pickle);
        return pickle.Raw((byte)'.').ToArray();
    }

    public byte[] ToArray() => _bytes.ToArray();

    public PickleBytes Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    public PickleBytes Op(string letters) => Raw(Encoding.Latin1.GetBytes(letters));

    public PickleBytes Global(string module, string name) => Op($"c{module}\n{name}\n");

    public PickleBytes Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Op("X").U32((uint)bytes.Length).Raw(bytes);
    }

    public PickleBytes Int(int value) => Op("J").U32((uint)value);

    public PickleBytes Long(long value)
    {
        Span<byte> eight = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(eight, value);
        return Raw(0x8a, 8).Raw(eight);
    }

    public PickleBytes U32(uint value)
    {
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(four, value);
        return Raw(four);
    }

    public PickleBytes Repeat(int times, Action<PickleBytes> body)
    {
        for (var i = 0; i < times; i++) body(this);
        return this;
    }

    public PickleBytes Storage(string type, string key, long count) =>
        Op("(").Text("storage").Global("torch", type).Text(key).Text("cpu").Long(count).Op("tQ");

    /// <summary>A call of <c>_rebuild_tensor_v2</c> on float32 storage 0.</summary>
    public PickleBytes Tensor(long storageCount, long offset, long[] shape, long[] strides, string type = "FloatStorage")
    {
        Global("torch._utils", "_rebuild_tensor_v2").Op("(").Storage(type, "0", storageCount).Long(offset);
        Longs(shape).Longs(strides).Raw(0x89).Global("collections", "OrderedDict").Op(")R");
        return Op("tR");
    }

    private PickleBytes Longs(long[] values)
    {
        Op("(");
        foreach (var v in values) Long(v);
        return Op("t");
    }
}
