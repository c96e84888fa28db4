from kinora_cli.main import main

main()
