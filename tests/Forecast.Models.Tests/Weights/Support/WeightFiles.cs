using System.Buffers.Binary;
using System.Text;
using Forecast.Core;
using Forecast.Models.Weights;

namespace Forecast.Models.Tests.Weights.Support;

/// <summary>Files of weights made in memory, and the repository's own.</summary>
internal static class WeightFiles
{
    public static string At(string name) => Repository.At("tests", "data", "weights", name);

    public static string Golden(string name) => Repository.At("tests", "data", "golden", name);

    /// <summary>Every small file that should be read, for mutation.</summary>
    public static IEnumerable<string> Readable =>
    [
        .. Directory.GetFiles(Repository.At("tests", "data", "weights"), "types_*"), At("module_state_dict.pth"), At("lightning_like.ckpt"),
        Golden("smetimes_a_llama.pth"), Golden("mdn_b_lstm_3_gaussians.safetensors"),
    ];

    public static byte[] Safetensors(string header, int dataLength) => Safetensors(Encoding.UTF8.GetBytes(header), new byte[dataLength]);

    public static byte[] Safetensors(byte[] header, byte[] data)
    {
        var file = new byte[8 + header.Length + data.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)header.Length);
        header.CopyTo(file, 8);
        data.CopyTo(file, 8 + header.Length);
        return file;
    }

    /// <summary>A checkpoint with this pickle and one storage of 16 bytes under the key 0.</summary>
    public static byte[] Checkpoint(byte[] pickle, string byteOrder = "little") => ZipBytes.Make(
    [
        new ZipPart("archive/data.pkl", pickle), new ZipPart("archive/byteorder", Encoding.ASCII.GetBytes(byteOrder)),
        new ZipPart("archive/data/0", [.. Enumerable.Range(0, 16).Select(i => (byte)i)]), new ZipPart("archive/version", "3\n"u8.ToArray()),
    ]);

    /// <summary>The error that reading gives.</summary>
    public static ForecastException Refusal(byte[] file) => Should.Throw<ForecastException>(() => WeightFile.Read("file", file).Dispose());

    public static ForecastException PickleRefusal(Action<PickleBytes> body) => Refusal(Checkpoint(PickleBytes.Of(body)));
}
