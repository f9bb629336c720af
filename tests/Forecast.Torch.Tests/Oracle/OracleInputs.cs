using TorchSharp;

namespace Forecast.Torch.Tests.Oracle;

/// <summary>The fixed inputs of the oracle file, on the tests' device, made anew for every case of a thread.</summary>
internal static class OracleInputs
{
    [ThreadStatic]
    private static Dictionary<string, torch.Tensor>? current;

    public static torch.Tensor a => Get();

    public static torch.Tensor b => Get();

    public static torch.Tensor p => Get();

    public static torch.Tensor u => Get();

    public static torch.Tensor m => Get();

    public static torch.Tensor sq => Get();

    public static torch.Tensor c3 => Get();

    public static torch.Tensor v => Get();

    public static torch.Tensor w => Get();

    public static torch.Tensor z => Get();

    public static torch.Tensor w5 => Get();

    /// <summary>Symmetric even while one element is moved: that is how operators on such matrices define their gradients.</summary>
    public static torch.Tensor spd => (Get() + Get().mT) * 0.5;

    public static torch.Tensor n => Get();

    public static torch.Tensor q => Get();

    public static torch.Tensor i => Get();

    public static torch.Tensor j => Get();

    public static torch.Tensor k => Get();

    public static torch.Tensor g => Get();

    public static torch.Tensor r => Get();

    public static torch.Tensor r2 => Get();

    public static torch.Tensor mask => Get();

    public static torch.Tensor a2 => Get();

    /// <summary>The tensors that cases see on this thread from now on.</summary>
    public static void Use(Dictionary<string, torch.Tensor> inputs) => current = inputs;

    private static torch.Tensor Get([System.Runtime.CompilerServices.CallerMemberName] string name = "") => current![name];
}
