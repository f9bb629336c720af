using Forecast.Core;
using Forecast.Models.Weights.Checkpoints;
using Forecast.Models.Weights.Safetensors;

namespace Forecast.Models.Weights;

/// <summary>Opens files of weights, whatever their extension says.</summary>
public static class WeightFile
{
    private static readonly string[] FolderNames =
        ["model.safetensors", "model.safetensors.index.json", "model.ckpt", "pytorch_model.bin", "pytorch_model.bin.index.json"];

    /// <summary>
    /// Opens a safetensors file, an index of several, a PyTorch zip checkpoint, or a folder that holds one of them under its usual
    /// name. The file is mapped, not read; dispose it when its bytes are no longer needed.
    /// </summary>
    /// <exception cref="ForecastException">
    /// There is no such file, its format is not known, it is damaged, or its pickle asks for anything but data.
    /// </exception>
    public static IWeightFile Open(string path)
    {
        if (Directory.Exists(path))
        {
            path = FolderNames.Select(n => Path.Combine(path, n)).FirstOrDefault(File.Exists)
                ?? throw new ForecastException("weights-missing", $"the folder '{path}' holds none of {string.Join(", ", FolderNames)}");
        }

        return Read(WeightMemory.Map(path), mayBeIndex: true);
    }

    /// <summary>Reads a file that is already in memory (a copy is kept); <paramref name="name"/> stands for it in messages.</summary>
    /// <inheritdoc cref="Open"/>
    public static IWeightFile Read(string name, ReadOnlySpan<byte> bytes) => Read(WeightMemory.Copy(name, bytes), mayBeIndex: false);

    /// <summary>One file of tensors; an index may not name another index.</summary>
    internal static IWeightFile OpenSingle(string path) => Read(WeightMemory.Map(path), mayBeIndex: false);

    private static IWeightFile Read(WeightMemory memory, bool mayBeIndex)
    {
        try
        {
            if (SafetensorsFile.Looks(memory)) return SafetensorsFile.Read(memory);
            if (CheckpointFile.Looks(memory)) return CheckpointFile.Read(memory);
            if (mayBeIndex && ShardedWeights.Looks(memory)) return ShardedWeights.Read(memory);
            throw Unknown(memory);
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    private static ForecastException Unknown(WeightMemory memory)
    {
        var head = memory.Slice(0, Math.Min(32, memory.Length));
        var what = head switch
        {
            [0x80, >= 1 and <= 5, ..] => "this is a bare pickle, PyTorch's format before version 1.6; load it in PyTorch and save it again",
            _ when head.StartsWith("GGUF"u8) => "GGUF files are not read; take the safetensors files of the same model",
            _ when head.StartsWith("version https://git-lfs"u8) => "this is a pointer of git-lfs, not the file itself; fetch it with git lfs pull",
            _ when head is [0x89, (byte)'H', (byte)'D', (byte)'F', ..] => "HDF5 files are not read",
            _ when ShardedWeights.Looks(memory) => "an index of weights cannot stand here",
            _ => "neither a safetensors file, nor an index of them, nor a PyTorch zip checkpoint; it may be cut short",
        };
        return WeightErrors.Unsupported(memory.File, what);
    }
}
